package import Suite

/// The sections of the runtime's part, in the order of the specification.
package let runtimeSections: [Section<ContainerBench>] = [
    stateSection, createSection, startSection, killSection, deleteSection, rootSection, mountsSection,
    mountOptionsSection,
    processSection, userSection, limitsSection, capabilitiesSection, schedulingSection, hooksSection,
    hookFailuresSection, terminalSection, namesSection, namespacesSection, userNamespaceSection,
    cgroupOwnershipSection,
    devicesSection,
    netDevicesSection, pathsSection, kernelSettingsSection, cgroupsSection, resourcesSection, unifiedSection,
    seccompSection, seccompListenerSection, idMappedMountsSection, featuresSection,
    propagationSection,
]

/// The specification with the clauses the cases name, and those without a case.
package let runtimeCatalogue = Catalogue(
    "OCI runtime-spec 1.3.0", address: specificationAddress + "spec.md", sections: runtimeSections,
    untested: untested)

/// The sections of the security part.
package let securitySections: [Section<ContainerBench>] = [imageAttacksSection, processAttacksSection]

/// The attacks known so far, each with its case.
package let securityCatalogue = Catalogue(
    "attacks on OCI runtimes", address: "https://nvd.nist.gov",
    sections: securitySections)
