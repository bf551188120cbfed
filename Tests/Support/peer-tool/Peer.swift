import Glibc

private let stream = Int32(SOCK_STREAM.rawValue)
private let datagram = Int32(SOCK_DGRAM.rawValue)

/// Answers everybody with `name` and the client's address.
func serve(_ name: String, _ ports: [UInt16]) {
    var polled: [pollfd] = []
    var streams: Set<Int32> = []
    for port in ports {
        for kind in [stream, datagram] {
            let descriptor = bound(kind, "::", port)
            if kind == stream {
                listen(descriptor, 64)
                streams.insert(descriptor)
            }
            polled.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
        }
    }
    print("ready")
    fflush(nil)
    while poll(&polled, UInt(polled.count), -1) >= 0 {
        for one in polled where one.revents != 0 {
            var client = sockaddr_storage()
            var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
            var byte: UInt8 = 0
            let isStream = streams.contains(one.fd)
            let descriptor = withSocketAddress(&client) { address in
                if isStream { return accept(one.fd, address, &size) }
                recvfrom(one.fd, &byte, 1, 0, address, &size)
                return one.fd
            }
            let answer = Array("\(name) \(text(&client, size))".utf8)
            _ = withSocketAddress(&client) {
                sendto(
                    descriptor, answer, answer.count, Int32(MSG_NOSIGNAL), isStream ? nil : $0,
                    isStream ? 0 : size)
            }
            if isStream { close(descriptor) }
        }
    }
}

/// What the server at `address` answers.
func ask(_ isStream: Bool, _ address: String, _ port: UInt16, source: UInt16, _ from: String?) -> String {
    var target = resolve(address, port, isStream ? stream : datagram)
    let family = Int32(withSocketAddress(&target.address) { $0.pointee.sa_family })
    let descriptor: Int32
    if source != 0 || from != nil {
        descriptor = bound(
            isStream ? stream : datagram, from ?? (family == AF_INET ? "0.0.0.0" : "::"), source)
    } else {
        descriptor = socket(family, isStream ? stream : datagram, 0)
    }
    var wait = timeval(tv_sec: 0, tv_usec: 500_000)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
    let size = target.size
    let status = withSocketAddress(&target.address) { connect(descriptor, $0, size) }
    if status != 0 { return errno == EINPROGRESS ? "nothing" : String(cString: strerror(errno)) }
    if !isStream { send(descriptor, "?", 1, 0) }
    var answer = [UInt8](repeating: 0, count: 200)
    let count = recv(descriptor, &answer, answer.count, 0)
    if count < 0 { return errno == EAGAIN ? "nothing" : String(cString: strerror(errno)) }
    return String(decoding: answer.prefix(count), as: UTF8.self)
}

/// Binds a port and waits to be killed.
func hold(_ isStream: Bool, _ address: String, _ port: UInt16) {
    let descriptor = bound(isStream ? stream : datagram, address, port)
    if isStream { listen(descriptor, 1) }
    print("ready")
    fflush(nil)
    while true { pause() }
}

/// Sends an INIT chunk with the right checksum. RFC 9260, section 3.3.2.
func associate(_ address: String, _ port: UInt16) -> String {
    func big(_ number: UInt32, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }
    let initiation = [1, 0, 0, 20] + big(0x1234, 4) + big(65536, 4) + [0, 1, 0, 1] + big(1, 4)
    var packet = big(40000, 2) + big(UInt32(port), 2) + [0, 0, 0, 0, 0, 0, 0, 0] + initiation
    var sum: UInt32 = .max  // CRC32c
    for byte in packet {
        sum ^= UInt32(byte)
        for _ in 0..<8 { sum = sum >> 1 ^ (sum & 1 == 1 ? 0x82F6_3B78 : 0) }
    }
    packet.replaceSubrange(8..<12, with: withUnsafeBytes(of: (~sum).littleEndian) { Array($0) })
    var target = resolve(address, 0, datagram)
    let size = target.size
    let descriptor = socket(AF_INET, Int32(SOCK_RAW.rawValue), 132)
    let count = withSocketAddress(&target.address) { sendto(descriptor, packet, packet.count, 0, $0, size) }
    return count == packet.count ? "sent" : String(cString: strerror(errno))
}

private func bound(_ kind: Int32, _ address: String, _ port: UInt16) -> Int32 {
    var local = resolve(address, port, kind)
    let descriptor = socket(Int32(withSocketAddress(&local.address) { $0.pointee.sa_family }), kind, 0)
    var on: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, 4)
    let size = local.size
    guard withSocketAddress(&local.address, { bind(descriptor, $0, size) }) == 0 else {
        print("bind \(address) \(port): \(String(cString: strerror(errno)))")
        exit(1)
    }
    return descriptor
}

private func resolve(
    _ address: String, _ port: UInt16, _ kind: Int32
) -> (address: sockaddr_storage, size: socklen_t) {
    var hints = addrinfo()
    hints.ai_flags = AI_NUMERICHOST
    hints.ai_socktype = kind
    var list: UnsafeMutablePointer<addrinfo>?
    var found = sockaddr_storage()
    guard getaddrinfo(address, String(port), &hints, &list) == 0, let first = list?.pointee else {
        print("no address: \(address)")
        exit(1)
    }
    withUnsafeMutableBytes(of: &found) { target in
        target.copyMemory(from: UnsafeRawBufferPointer(start: first.ai_addr, count: Int(first.ai_addrlen)))
    }
    freeaddrinfo(list)
    return (found, first.ai_addrlen)
}

/// The address alone; an IPv4 one in an IPv6 socket as IPv4.
private func text(_ address: inout sockaddr_storage, _ size: socklen_t) -> String {
    var name = [CChar](repeating: 0, count: 64)
    _ = withSocketAddress(&address) { getnameinfo($0, size, &name, 64, nil, 0, NI_NUMERICHOST) }
    let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return text.hasPrefix("::ffff:") ? String(text.dropFirst(7)) : text
}

private func withSocketAddress<Value>(
    _ address: inout sockaddr_storage, _ body: (UnsafeMutablePointer<sockaddr>) -> Value
) -> Value {
    withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0) }
    }
}
