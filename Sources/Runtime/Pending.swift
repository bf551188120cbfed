internal import JSON
internal import Kernel
internal import OCISpec

func moveNetDevice(_ d: NetDevice, toNamespaceOf: Int32) throws(RuntimeError) {}
extension Configuration { func validate() throws(JSONError) {} }
