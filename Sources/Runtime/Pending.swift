internal import JSON
internal import Kernel
internal import OCISpec

extension Configuration { func validate() throws(JSONError) {} }
