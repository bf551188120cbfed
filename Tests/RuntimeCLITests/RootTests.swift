import Foundation
import Testing

@Suite struct RootTests {
    /// Below `XDG_RUNTIME_DIR` whatever nobody has touched for hours may be removed, but for the sticky bit.
    @Test(.enabled(if: getuid() == 0)) func usersHaveAStateDirectoryThatLasts() throws {
        try inScratchDirectory { directory in
            let line =
                "chmod 755 . && mkdir xdg && chown 12345 xdg && export XDG_RUNTIME_DIR=$PWD/xdg && "
                + #"! setpriv --reuid 12345 --regid 12345 --clear-groups "$0" create -b /nonexistent c 2>&1 && "#
                + #"test "$(stat -c '%a %u' xdg/apus-runtime)" = "1700 12345""#
            let code = try Tool.shell(line, in: directory)
            #expect(code == 0)
        }
    }
}
