package import JSON
internal import Kernel

/// Everything the image store can fail with.
package enum ImageError: Error {
    /// A text which is no reference to an image.
    case invalidReference(String, reason: String)
    /// No image has this name or ID.
    case unknown(String)
    /// An ID's beginning which several images share; `matches` are their IDs.
    case ambiguous(String, matches: [String])
    /// The image may not be removed: who uses it, a word each.
    case inUse(image: String, by: [String])
    /// An ID which stands for several names.
    case severalNames(image: String, names: [String])
    /// An archive, a layout or a blob which cannot be used; `entry` is empty when it is about the whole.
    case archive(String, entry: String, reason: String)
    /// A JSON document of an image cannot be used; the error has the path.
    case document(String, JSONError)
    /// No image for the platform that is wanted; `available` are those there are.
    case noPlatform(image: String, wanted: String, available: [String])
    /// A registry did not give what was asked for.
    case registry(url: String, reason: String)
    /// A program of another package is needed and not installed. `purpose` completes "needed to ...".
    case missingProgram(String, package: String, purpose: String)
    /// A step failed in the kernel. `step` completes "cannot ...".
    case system(step: String, reason: String)
}

extension ImageError: CustomStringConvertible {
    /// One line for a person.
    package var description: String {
        switch self {
        case .invalidReference(let text, let reason): "invalid reference \"\(text)\": \(reason)"
        case .unknown(let name): "no such image: \(name)"
        case .ambiguous(let id, let matches):
            "\(id) is ambiguous: it may be \(matches.joined(separator: " or "))"
        case .inUse(let image, let users): "image \(image) is used by \(users.joined(separator: ", "))"
        case .severalNames(let image, let names):
            "image \(image) has several names: \(names.joined(separator: ", ")); remove it by name, or by force"
        case .archive(let name, let entry, let reason):
            "\(name): " + (entry.isEmpty ? "" : "\(Self.shown(entry)): ") + reason
        case .document(let name, let error): "\(name): \(error)"
        case .noPlatform(let image, let wanted, let available):
            "\(image) has no image for \(wanted)"
                + (available.isEmpty ? "" : " (there are: \(available.joined(separator: ", ")))")
        case .registry(let url, let reason): "\(url): \(reason)"
        case .missingProgram(let name, let package, let purpose):
            "\(name) is needed to \(purpose), and is not installed (Debian's package \(package))"
        case .system(let step, let reason): "cannot \(step): \(reason)"
        }
    }

    /// A name out of an archive, which may try anything: control characters replaced, cut where it is too long.
    private static func shown(_ name: String) -> String {
        var text = ""
        for scalar in name.unicodeScalars.prefix(200) {
            text.unicodeScalars.append(scalar.value < 32 || scalar.value == 127 ? "?" : scalar)
        }
        return name.unicodeScalars.count > 200 ? text + "..." : text
    }
}

/// Runs one step; `name` completes "cannot ...".
func step<Value: ~Copyable>(
    _ name: @autoclosure () -> String, _ body: () throws(SystemError) -> Value
) throws(ImageError) -> Value {
    do throws(SystemError) { return try body() } catch {
        throw .system(step: name(), reason: "\(error)")
    }
}

/// Reads a part of the document called `name`.
func reading<Value>(
    _ name: @autoclosure () -> String, _ body: () throws(JSONError) -> Value
) throws(ImageError) -> Value {
    do throws(JSONError) { return try body() } catch { throw .document(name(), error) }
}
