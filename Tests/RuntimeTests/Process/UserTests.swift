import Testing

@testable import Runtime

@Suite struct UserTests {
    @Test(
        arguments: [
            ("0", .id(0), nil), ("1", .id(1), nil), ("1000:1000", .id(1000), .id(1000)), ("007", .id(7), nil),
            ("4294967294", .id(4_294_967_294), nil), ("www-data", .name("www-data"), nil),
            ("1:www", .id(1), .name("www")), ("a.b_c:0", .name("a.b_c"), .id(0)), ("1a", .name("1a"), nil),
        ] as [(String, UserSpecification.Part, UserSpecification.Part?)])
    func aUserIsANumberOrAName(
        _ text: String, _ user: UserSpecification.Part, _ group: UserSpecification.Part?
    ) {
        let specification = UserSpecification(text)
        #expect(specification?.user == user && specification?.group == group)
    }

    @Test(arguments: [
        "", ":", "1:", ":1", "-1", "+1", " 1", "1 ", "1:-1", "1:1:1", "4294967295", "4294967296",
        "99999999999999999999", "1:4294967295", "a b", "a\n", "a\0", "-", "a:b:c", "\t1",
    ])
    func everythingElseIsRefused(_ text: String) { #expect(UserSpecification(text) == nil) }

    private static let passwd = """
        # a comment
        root:x:0:0:root:/root:/bin/sh

        broken
        :x:5:5::/nobody:
        +nis::5:5:::
        big:x:4294967295:1::/big:/bin/sh
        sign:x:-1:1::/sign:/bin/sh
        blank:x: 8:1::/blank:/bin/sh
        relative:x:9:9::etc:/bin/sh
        www:x:33:34:web:/var/www:/bin/sh
        second:x:33:35::/second:/bin/sh
        short:x:40:40::/short
        """

    @Test(
        arguments: [
            (0, "root", "/root"), (33, "www", "/var/www"), (9, "relative", nil), (40, "short", "/short"),
            (5, nil, nil), (8, nil, nil), (4_294_967_295, nil, nil), (77, nil, nil),
        ] as [(UInt32, String?, String?)])
    func anAccountIsFoundByNumber(_ uid: UInt32, _ name: String?, _ home: String?) {
        let account = PasswdFile(Array(Self.passwd.utf8)).entry(uid: uid)
        #expect(account?.name == name && account?.home == home)
    }

    @Test func aLineWithANulIsPassedOver() {
        #expect(PasswdFile(Array("a:x:1:1::/a\0/b:/bin/sh\n".utf8)).entry(uid: 1) == nil)
    }

    @Test(.timeLimit(.minutes(1))) func hostileFilesAreBounded() {
        let colons = [UInt8](repeating: UInt8(ascii: ":"), count: 8 << 20)
        #expect(PasswdFile(colons).entry(uid: 0) == nil)
        let beyond = [UInt8](repeating: UInt8(ascii: "\n"), count: PasswdFile.limit)
        #expect(PasswdFile(beyond + Array("a:x:1:1::/a:".utf8)).entry(uid: 1) == nil)
    }
}
