internal import Kernel

/// Brings `lo` up in the network namespace this process is in; a new one has it down.
func bringLoopbackUp() throws(RuntimeError) {
    try RuntimeError.step("bring lo up") { () throws(SystemError) in try setInterfaceUp("lo") }
}
