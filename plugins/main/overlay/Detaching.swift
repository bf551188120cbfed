import CNIPlugin
import CNISpec
import ContainerLink
import Firewall

/// DEL and GC: takes away what ADD made, also when the namespace, the result, the daemon or half of it has gone.
struct Detaching {
    private let request: OverlayRequest

    init(_ request: OverlayRequest) { self.request = request }

    func run() throws(CNIError) {
        var errors = FirstError()
        // Closing a netfilter socket waits for the kernel's grace period: it is closed last, when that is over.
        var firewall: Firewall?
        errors.attempt { () throws(CNIError) in firewall = try OverlayFirewall(request).remove() }
        // The link goes before its address is given back: nobody is to get one that still answers.
        errors.attempt { () throws(CNIError) in try LinkRemoval.remove(of: request) }
        errors.attempt { () throws(CNIError) in try Registration(request).remove() }
        _ = consume firewall
        try errors.throwIfAny()
    }

    static func collectGarbage(_ request: OverlayRequest) throws(CNIError) {
        guard let valid = request.validAttachments else { return }
        var errors = FirstError()
        errors.attempt { () throws(CNIError) in
            try LinkRemoval.collectGarbage(network: request.network, valid: valid)
        }
        errors.attempt { () throws(CNIError) in try OverlayFirewall(request).collectGarbage() }
        errors.attempt { () throws(CNIError) in try Registration(request).removeAll(except: valid) }
        try errors.throwIfAny()
    }
}
