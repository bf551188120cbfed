import AddressPool
import CNIPlugin
import CNISpec
import JSON
import Kernel

/// What every operation needs of the configuration: where the files are. The rest is read by those which use it.
struct Configuration: Sendable {
    /// The object `ipam`.
    let settings: JSONReader
    let place: AddressStore.Place

    init(_ reader: JSONReader) throws(JSONError) {
        settings = try reader.required("ipam")
        let directory = try settings.optional("dataDir")?.string() ?? ""
        place = AddressStore.Place(
            dataDirectory: directory.isEmpty ? "/var/lib/cni/networks" : directory,
            network: try reader.required("name").string())
    }

    /// What the file `resolvConf` says; nothing when there is no such key.
    func dns() throws(CNIError) -> CNIResult.DNS {
        let path = try decoding { () throws(JSONError) in try settings.optional("resolvConf")?.string() ?? ""
        }
        if path.isEmpty { return CNIResult.DNS() }
        do throws(SystemError) { return CNIResult.DNS(resolvConf: try readText(path)) } catch {
            throw CNIError(
                .invalidConfiguration, "cannot read ipam.resolvConf '\(path)': \(error.errno.reason)")
        }
    }
}

extension CNIResult.DNS {
    /// Takes a file of resolv.conf(5) apart. Unlike the resolver it adds up several `search` lines, as host-local
    /// does.
    init(resolvConf text: String) {
        self.init()
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split { $0 == " " || $0 == "\t" }.map(String.init)
            guard let key = words.first, words.count > 1, !key.hasPrefix("#"), !key.hasPrefix(";") else {
                continue
            }
            switch key {
            case "nameserver": nameservers.append(words[1])
            case "domain": domain = words[1]
            case "search": search += words.dropFirst()
            case "options": options += words.dropFirst()
            default: continue
            }
        }
    }
}
