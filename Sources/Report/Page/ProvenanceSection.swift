import HTML

/// How the run was made, so that it can be made again.
enum ProvenanceSection {
  static func section(_ content: ReportContent) -> PageSection {
    let experiments = content.models.compactMap { model in
      model.experimentLink.map { ("Experiment of \(model.name)", linked($0)) }
    }
    return PageSection(id: "made", title: "How it was made", shortTitle: "How it was made") {
      content.command.map(command)
      facts(content.facts.map { ($0.name, HTML($0.value)) } + experiments)
      for model in content.models where !model.hyperparameters.isEmpty {
        folded("Hyper-parameters of \(model.name)") {
          DataTable(
            header: ["Name", "Value"], rows: model.hyperparameters.map { [$0.name, $0.value] }
          ).html
        }
      }
    }
  }

  /// A link where it leads to a page, and does nothing else when it is followed.
  private static func linked(_ address: String) -> HTML {
    let isPage = address.hasPrefix("https://") || address.hasPrefix("http://")
    return isPage ? a(.href(address)) { address } : HTML(address)
  }
}
