import Suite

let checkSection = Section<PluginBench>("checkSection", [])
let statusSection = Section<PluginBench>("statusSection", [])
let garbageSection = Section<PluginBench>("garbageSection", [])
let resultSection = Section<PluginBench>("resultSection", [])
let conventionSection = Section<PluginBench>("conventionSection", [])
let delegationSection = Section<PluginBench>("delegationSection", [])
let robustnessSection = Section<PluginBench>("robustnessSection", [])
