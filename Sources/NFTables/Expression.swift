internal import Addressing
internal import Netlink

/// A register of the kernel's virtual machine: 64 bytes, used by sixteen or by four.
struct Register: Hashable, Sendable {
    /// C: `NFT_REG_1` and so on where it begins at sixteen bytes, else `NFT_REG32_00` and so on.
    let number: UInt32

    /// The register at a byte.
    init(offset: Int) {
        number = UInt32(offset % 16 == 0 ? 1 + offset / 16 : 8 + offset / 4)
    }

    static let first = Register(offset: 0)
}

/// One step of a rule, as the kernel runs it. C: `linux/netfilter/nf_tables.h`.
enum Expression: Hashable, Sendable {
    case meta(MetaKey, into: Register)
    case payload(Header, offset: UInt32, count: UInt32, into: Register)
    case conntrack(ConntrackKey, into: Register)
    /// What kind of route leads to the destination.
    case kindOfDestination(into: Register)
    case mask(Register, [UInt8])
    case compare(Register, Comparison, [UInt8])
    /// The first register is in a set.
    case lookUp(String, isInverted: Bool)
    /// The first register is a key of a map; then it holds what the map gives.
    case lookUpData(String)
    case redirect(IPAddress.Family, address: Register, port: Register)
    case masquerade
    case jump(String)
    case accept
    case drop
    case comeBack

    /// C: `NFT_META_*`.
    enum MetaKey: UInt32 {
        case inputName = 6
        case outputName = 7
        case family = 15
        case transportProtocol = 16
        case inputKind = 26
    }

    /// C: `NFT_PAYLOAD_*`.
    enum Header: UInt32 { case link, network, transport }

    /// C: `NFT_CT_*`.
    enum ConntrackKey: UInt32 {
        case state = 0
        case status = 2
    }

    /// C: `NFT_CMP_*`.
    enum Comparison: UInt32 { case equal, notEqual }
}

extension Expression {
    /// The kernel's name of the expression.
    var name: String {
        switch self {
        case .meta: "meta"
        case .payload: "payload"
        case .conntrack: "ct"
        case .kindOfDestination: "fib"
        case .mask: "bitwise"
        case .compare: "cmp"
        case .lookUp, .lookUpData: "lookup"
        case .redirect: "nat"
        case .masquerade: "masq"
        case .jump, .accept, .drop, .comeBack: "immediate"
        }
    }

    /// Puts `NFTA_EXPR_NAME` and `NFTA_EXPR_DATA`.
    func put(into message: inout NetlinkMessage) {
        message.put(1, name)
        message.nest(2) { putData(into: &$0) }
    }

    private func putData(into data: inout NetlinkMessage) {
        switch self {
        case .meta(let key, let register): data.putBig([(1, register.number), (2, key.rawValue)])
        case .payload(let header, let offset, let count, let register):
            data.putBig([(1, register.number), (2, header.rawValue), (3, offset), (4, count)])
        case .conntrack(let key, let register): data.putBig([(1, register.number), (2, key.rawValue)])
        // NFT_FIB_RESULT_ADDRTYPE and NFTA_FIB_F_DADDR.
        case .kindOfDestination(let register): data.putBig([(1, register.number), (2, 3), (3, 2)])
        case .mask(let register, let mask):
            data.putBig([(1, register.number), (2, register.number), (3, UInt32(mask.count)), (6, 0)])
            data.nest(4) { $0.put(1, mask) }
            data.nest(5) { $0.put(1, [UInt8](repeating: 0, count: mask.count)) }
        case .compare(let register, let comparison, let value):
            data.putBig([(1, register.number), (2, comparison.rawValue)])
            data.nest(3) { $0.put(1, value) }
        case .lookUp(let set, let isInverted):
            data.put(1, set)
            data.putBig([(2, Register.first.number)] + (isInverted ? [(5, 1)] : []))
        case .lookUpData(let map):
            data.put(1, map)
            data.putBig([(2, Register.first.number), (3, Register.first.number)])
        case .redirect(let family, let address, let port):
            // NFT_NAT_DNAT; the least and the greatest are the same register.
            data.putBig([
                (1, 1), (2, family == .v4 ? 2 : 10), (3, address.number), (4, address.number),
                (5, port.number), (6, port.number),
            ])
        case .masquerade: break
        case .jump(let chain): data.putVerdict(-3, chain)
        case .accept: data.putVerdict(1)
        case .drop: data.putVerdict(0)
        case .comeBack: data.putVerdict(-5)
        }
    }
}

extension NetlinkMessage {
    /// Puts numbers in the network's byte order.
    mutating func putBig(_ numbers: [(attribute: UInt16, number: UInt32)]) {
        for (attribute, number) in numbers { put(attribute, number.bigEndian) }
    }

    /// Puts `NFTA_IMMEDIATE_DREG` and `NFTA_IMMEDIATE_DATA`: the verdict register gets a verdict.
    fileprivate mutating func putVerdict(_ code: Int32, _ chain: String? = nil) {
        putBig([(1, 0)])
        nest(2) { data in
            data.nest(2) { verdict in
                verdict.put(1, code.bigEndian)
                if let chain { verdict.put(2, chain) }
            }
        }
    }
}

/// A number as the machine keeps it.
func bytes(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number) { Array($0) } }
