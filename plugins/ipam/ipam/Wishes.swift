import Addressing
import CNIPlugin
import CNISpec
import JSON
import Kernel

/// The addresses the caller wants: of `CNI_ARGS`, of `args.cni.ips` and of `runtimeConfig.ips`, all together.
struct Wishes {
    private(set) var addresses: [IPAddress] = []

    init(_ request: Request<Configuration>) throws(CNIError) {
        // MAC and GATEWAY are for the plugin which started this one.
        let arguments = try request.arguments(["IP", "MAC", "GATEWAY"])
        for word in (arguments["IP"] ?? "").split(separator: ",") {
            guard let wish = RequestedAddress(String(word)) else {
                throw CNIError(
                    .invalidEnvironment, "CNI_ARGS: IP is '\(word)', which is not an IP address",
                    details: "CNI_ARGS is \"\(request.environment["CNI_ARGS"] ?? "")\"")
            }
            add(wish)
        }
        try decoding { () throws(JSONError) in
            for element in try request.hints?.optional("ips")?.elements() ?? [] {
                add(try RequestedAddress(element))
            }
            for wish in try request.runtimeConfig.ips() { add(wish) }
        }
    }

    private mutating func add(_ wish: RequestedAddress) {
        if !addresses.contains(wish.address) { addresses.append(wish.address) }
    }
}
