import Engine
import JSON
import Testing

private let inspected = """
    {"Id": "abc", "State": {"Running": true, "Pid": 7}, "Env": ["A=1", "B=2"],
     "Networks": {"n2": {"IP": "10.0.0.3"}, "n1": {"IP": "10.0.0.2"}}, "Empty": []}
    """

@Suite struct TemplateTests {
    @Test(arguments: [
        ("{{.Id}}", "abc"), ("a {{ .State.Pid }} b", "a 7 b"), ("{{json .Env}}", #"["A=1","B=2"]"#),
        ("{{.Env}}", "[A=1 B=2]"), (#"{{index .Env 1}}"#, "B=2"), (#"{{join .Env ","}}"#, "A=1,B=2"),
        ("{{range .Networks}}{{.IP}} {{end}}", "10.0.0.2 10.0.0.3 "),
        ("{{range $name, $n := .Networks}}{{$name}}={{$n.IP}};{{end}}", "n1=10.0.0.2;n2=10.0.0.3;"),
        (#"{{(index .Networks "n2").IP}}"#, "10.0.0.3"), (#"{{index .Networks "n9"}}"#, "<no value>"),
        ("{{if .State.Running}}up{{else}}down{{end}}", "up"),
        ("{{range .Empty}}x{{else}}none{{end}}", "none"),
        ("{{len .Env}}", "2"), ("{{.Id | upper}}", "ABC"), ("{{with .State}}{{.Pid}}{{end}}", "7"),
        (#"{{.Id}}\t{{.State.Pid}}"#, "abc\t7"), ("{{ if eq .Id \"abc\" -}}  y  {{- end }}", "y"),
        ("{{if false}}a{{else if .State.Running}}b{{else}}c{{end}}", "b"),
        ("{{/* a */}}{{$x := .Id}}{{$x}}", "abc"),
        (#"{{printf "%-5s|%03d|%q" .Id .State.Pid "x"}}"#, #"abc  |007|"x""#), ("{{slice .Id 1 3}}", "bc"),
    ])
    func templatesGiveWhatGoGives(_ template: String, _ text: String) throws {
        let value = try JSONValue(parsing: Array(inspected.utf8))
        #expect(try Template(template).text(for: value) == text)
    }

    @Test(arguments: [
        ("{{.Nothing}}", #"there is no field "Nothing" (there are: "#), ("{{.Id", "{{ without }}"),
        ("{{range .Env}}", "{{range}} without {{end}}"), ("{{end}}", "{{end}} without"),
        ("{{nosuch .Id}}", #"function "nosuch" not defined"#), ("{{index .Env 9}}", "index out of range"),
        ("{{$x}}", "undefined variable"), ("{{}}", "nothing in it"), ("{{.Id.X}}", "can't evaluate field X"),
    ])
    func aMistakeIsNamed(_ template: String, _ reason: String) throws {
        let value = try JSONValue(parsing: Array(inspected.utf8))
        #expect { try Template(template).text(for: value) } throws: { "\($0)".contains(reason) }
    }

    @Test func aListingIsATableJSONOrATemplate() throws {
        var listing = Listing([.init("ID", "IMAGE ID"), .init("Name", "NAME"), .init("Size", "SIZE")])
        listing.add(["0123456789ab", "nginx", "5MB"], labels: ["a": "b"])
        let text = { format throws(EngineError) in
            try listing.text(format: format, standard: ["Name", "Size"])
        }
        #expect(try text(nil) == "NAME      SIZE\nnginx     5MB\n")
        #expect(try text("json") == #"{"ID":"0123456789ab","Name":"nginx","Size":"5MB"}"# + "\n")
        #expect(try text("{{.Name}} {{.Label \"a\"}}") == "nginx b\n")
        #expect(try text(#"table {{.ID}}\t{{.Name}}"#) == "IMAGE ID       NAME\n0123456789ab   nginx\n")
    }
}
