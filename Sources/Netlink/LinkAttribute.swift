/// Attributes of a link message. C: `IFLA_*`.
enum LinkAttribute {
    static let address: UInt16 = 1
    static let name: UInt16 = 3
    static let mtu: UInt16 = 4
    static let link: UInt16 = 5
    static let master: UInt16 = 10
    static let transmitQueueLength: UInt16 = 13
    static let state: UInt16 = 16
    static let information: UInt16 = 18
    static let alias: UInt16 = 20
    static let familySettings: UInt16 = 26
    static let group: UInt16 = 27
    static let namespaceDescriptor: UInt16 = 28
    static let extensions: UInt16 = 29
    static let promiscuity: UInt16 = 30
    static let peerNamespace: UInt16 = 37
    static let properties: UInt16 = 52
    static let alternativeName: UInt16 = 53
    /// A bit of ``extensions``. C: `RTEXT_FILTER_SKIP_STATS`.
    static let skipStatistics: UInt32 = 1 << 3
    /// A bit of ``extensions``. C: `RTEXT_FILTER_BRVLAN`.
    static let portVLANs: UInt32 = 1 << 1
}

/// What is nested in ``LinkAttribute/information``. C: `IFLA_INFO_*`.
enum LinkInformation {
    static let kind: UInt16 = 1
    static let data: UInt16 = 2
    static let portKind: UInt16 = 4
    static let portData: UInt16 = 5
    /// Nested in ``data`` of a veth. C: `VETH_INFO_PEER`.
    static let vethPeer: UInt16 = 1
}

/// Settings of a bridge. C: `IFLA_BR_*`.
enum BridgeAttribute {
    static let spanningTree: UInt16 = 5
    static let filtersVLANs: UInt16 = 7
    static let multicastSnooping: UInt16 = 23
}

/// Settings of a bridge's port. C: `IFLA_BRPORT_*`.
enum PortAttribute {
    static let state: UInt16 = 1
    static let hairpin: UInt16 = 4
    static let guarded: UInt16 = 5
    static let learning: UInt16 = 8
    static let floodsUnicast: UInt16 = 9
    static let floodsMulticast: UInt16 = 27
    static let floodsBroadcast: UInt16 = 30
    static let isolated: UInt16 = 33
}

/// Settings of a VXLAN. C: `IFLA_VXLAN_*`.
enum VXLANAttribute {
    static let id: UInt16 = 1
    static let group: UInt16 = 2
    static let local: UInt16 = 4
    static let learning: UInt16 = 7
    static let proxy: UInt16 = 11
    static let linkMisses: UInt16 = 13
    static let addressMisses: UInt16 = 14
    static let port: UInt16 = 15
    static let group6: UInt16 = 16
    static let local6: UInt16 = 17
    static let checksums: UInt16 = 18
    static let noChecksums6: UInt16 = 19
    static let metadata: UInt16 = 25
}
