import Kernel
import NIOPosix

writeError(Array("apus-netd: there is nothing to serve yet\n".utf8))
