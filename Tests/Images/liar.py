#!/usr/bin/env python3
"""liar.py PORT STORAGE REGISTRY: a registry which passes on team/web of REGISTRY, but lies as the first part of the name says."""
import http.client, socketserver, sys, time
from http.server import BaseHTTPRequestHandler

port, registry = int(sys.argv[1]), sys.argv[3]


class Liar(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def original(self, path):
        connection = http.client.HTTPConnection(registry)
        connection.request("GET", path, headers={"Accept": "application/vnd.oci.image.manifest.v1+json"})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()

    def give(self, status, fields, body, announced=None):
        self.send_response(status)
        for key, value in fields.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body) if announced is None else announced))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def do_GET(self):
        how = self.path.split("/")[2]
        is_blob = "/blobs/" in self.path
        path = self.path.replace("/v2/" + how + "/", "/v2/team/", 1)
        if how == "unauthorized":
            return self.give(401, {"WWW-Authenticate": 'Bearer realm="x"'}, b"")
        if how == "garbage":
            self.wfile.write(b"\x16\x03\x01 this is no HTTP\r\n\r\n")
            self.close_connection = True
            return None
        if how == "endless":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            try:
                for _ in range(20000):
                    self.wfile.write(b"X-Field: " + b"x" * 1000 + b"\r\n")
            except OSError:
                pass
            self.close_connection = True
            return None
        if how == "outside":
            return self.give(307, {"Location": "http://192.0.2.7:5001" + path}, b"")
        if how == "tls":
            return self.give(307, {"Location": "https://localhost" + path}, b"")
        if how == "circle":
            return self.give(307, {"Location": self.path}, b"")
        if how == "redirect":
            return self.give(307, {"Location": "http://" + registry + path}, b"")
        if how == "huge":
            return self.give(200, {}, b" " * (5 << 20), 1 << 30)
        status, fields, body = self.original(path)
        kept = {key: fields[key] for key in fields if key.lower() in ("content-type", "docker-content-digest")}
        if how == "manifest" and not is_blob:
            body += b" "
        if how == "blob" and is_blob:
            body = body[:-1] + bytes([body[-1] ^ 1])
        if how == "long" and is_blob:
            body += b"more"
        if how == "cut" and is_blob:
            return self.give(status, kept, body[: len(body) // 2], len(body))
        if how == "silent" and is_blob:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[:10])
            self.wfile.flush()
            time.sleep(20)
            self.close_connection = True
            return None
        if how == "smuggle":
            return self.give(status, {**kept, "Transfer-Encoding": "chunked"}, body)
        if how == "crumbs":
            kept["Transfer-Encoding"] = "chunked"
            crumbs = b"".join(b"1;" + b"x" * 60 + b"\r\n%c\r\n" % byte for byte in body) + b"0\r\n\r\n"
            self.send_response(status)
            for key, value in kept.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(crumbs)
            self.close_connection = True
            return None
        if how == "chunked":
            self.send_response(status)
            for key, value in kept.items():
                self.send_header(key, value)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for start in range(0, len(body), 777):
                piece = body[start : start + 777]
                self.wfile.write(b"%x;x=y\r\n%s\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\nTrailer: x\r\n\r\n")
            self.close_connection = True
            return None
        return self.give(status, kept, body)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server(("127.0.0.1", port), Liar).serve_forever()
