import Suite

let conventionSection = Section<PluginBench>("conventionSection", [])
let delegationSection = Section<PluginBench>("delegationSection", [])
let robustnessSection = Section<PluginBench>("robustnessSection", [])
