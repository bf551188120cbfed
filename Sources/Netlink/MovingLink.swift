internal import CLibNL

/// An address of an interface, with all the kernel needs to set it again elsewhere.
public struct InterfaceAddress: Hashable, Sendable {
    /// C: `AF_INET`, `AF_INET6`.
    let family: UInt8
    let prefixLength: UInt8
    let flags: UInt32
    /// `IFA_LOCAL`, `IFA_ADDRESS`, `IFA_BROADCAST`, `IFA_RT_PRIORITY` as the kernel sent them.
    let attributes: [Attribute]

    struct Attribute: Hashable, Sendable {
        let type: UInt16
        let value: [UInt8]
    }
}

/// What rtnetlink(7) calls things; the macros of the kernel's headers.
private enum RT {
    static let newLink: Int32 = 16
    static let getLink: Int32 = 18
    static let setLink: Int32 = 19
    static let newAddress: Int32 = 20
    static let getAddress: Int32 = 22
    static let request: Int32 = 1
    static let acknowledge: Int32 = 4
    static let dump: Int32 = 0x300
    static let createExclusive: Int32 = 0x600
    static let interfaceUp: UInt32 = 1
    static let permanent: UInt32 = 0x80
    /// `IFA_F_NODAD`, `IFA_F_MANAGETEMPADDR`, `IFA_F_NOPREFIXROUTE`, `IFA_F_MCAUTOJOIN`: what a person asked for.
    static let chosenFlags: UInt32 = 0x02 | 0x100 | 0x200 | 0x400
    // Attributes of links and addresses.
    static let interfaceName: UInt16 = 3
    static let networkNamespaceDescriptor: UInt16 = 28
    static let addressFlags: UInt16 = 8
    static let kept: [UInt16] = [1, 2, 4, 9]
}

extension RouteSocket {
    /// Index and name of each link. `ip link`.
    public borrowing func links() throws(NetlinkError) -> [(index: Int32, name: String)] {
        let message = try RouteMessage(
            RT.getLink, flags: RT.request | RT.dump, header: linkHeader(), request: "link show")
        return try exchange(message).map { answer in
            let name = answer.attributes(after: 16).first { $0.type == RT.interfaceName }?.value ?? []
            return (
                Int32(bitPattern: number32(answer.body.dropFirst(4))),
                String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
            )
        }
    }

    /// The index of the link called `name`. `ip link show dev NAME`.
    ///
    /// - Throws: ``NetlinkError`` with `ENODEV` when there is none.
    public borrowing func index(of name: String) throws(NetlinkError) -> Int32 {
        let message = try RouteMessage(
            RT.getLink, flags: RT.request | RT.acknowledge, header: linkHeader(),
            request: "link show dev \(name)")
        try message.put(RT.interfaceName, name)
        guard let answer = try exchange(message).first else {
            throw NetlinkError(request: message.request, code: Int32(NLE_OBJ_NOTFOUND))
        }
        return Int32(bitPattern: number32(answer.body.dropFirst(4)))
    }

    /// The addresses of a link which somebody gave it for good and which mean the same everywhere.
    /// `ip address show dev NAME scope global permanent`.
    public borrowing func permanentAddresses(of index: Int32) throws(NetlinkError) -> [InterfaceAddress] {
        let message = try RouteMessage(
            RT.getAddress, flags: RT.request | RT.dump, header: [UInt8](repeating: 0, count: 8),
            request: "address show")
        return try exchange(message).compactMap { answer in
            let head = answer.body.prefix(8).map { $0 }
            guard head.count == 8, Int32(bitPattern: number32(head[4...])) == index, head[3] == 0 else {
                return nil
            }
            let attributes = answer.attributes(after: 8)
            let wide = attributes.first { $0.type == RT.addressFlags }.map { number32($0.value) }
            let flags = wide ?? UInt32(head[2])
            guard flags & RT.permanent != 0 else { return nil }
            return InterfaceAddress(
                family: head[0], prefixLength: head[1], flags: flags & RT.chosenFlags,
                attributes: attributes.filter { RT.kept.contains($0.type) }.map {
                    .init(type: $0.type, value: Array($0.value))
                })
        }
    }

    /// Moves a link to the network namespace behind a descriptor, under the name `name`.
    /// `ip link set dev NAME netns NS name NAME`.
    ///
    /// - Throws: ``NetlinkError`` with `EEXIST` when the name is taken there, `EINVAL` for a link which cannot move.
    public borrowing func move(
        _ index: Int32, toNamespace namespace: Int32, name: String
    ) throws(NetlinkError) {
        let message = try RouteMessage(
            RT.setLink, flags: RT.request | RT.acknowledge, header: linkHeader(index),
            request: "link set \(index) netns name \(name)")
        try message.put(RT.networkNamespaceDescriptor, UInt32(bitPattern: namespace))
        try message.put(RT.interfaceName, name)
        try exchange(message)
    }

    /// Gives a link an address. `ip address add ADDRESS dev NAME`.
    public borrowing func add(_ address: InterfaceAddress, to index: Int32) throws(NetlinkError) {
        let head = [address.family, address.prefixLength, 0, 0] + bytes(UInt32(bitPattern: index))
        let message = try RouteMessage(
            RT.newAddress, flags: RT.request | RT.acknowledge | RT.createExclusive, header: head,
            request: "address add dev \(index)")
        for attribute in address.attributes { try message.put(attribute.type, attribute.value) }
        if address.flags != 0 { try message.put(RT.addressFlags, address.flags) }
        try exchange(message)
    }

    /// Brings a link up. `ip link set dev NAME up`.
    public borrowing func setUp(_ index: Int32) throws(NetlinkError) {
        let message = try RouteMessage(
            RT.setLink, flags: RT.request | RT.acknowledge,
            header: linkHeader(index, flags: RT.interfaceUp, change: RT.interfaceUp),
            request: "link set \(index) up")
        try exchange(message)
    }
}

/// C: `struct ifinfomsg`.
private func linkHeader(_ index: Int32 = 0, flags: UInt32 = 0, change: UInt32 = 0) -> [UInt8] {
    [0, 0, 0, 0] + bytes(UInt32(bitPattern: index)) + bytes(flags) + bytes(change)
}
