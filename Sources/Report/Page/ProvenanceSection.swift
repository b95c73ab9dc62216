import Templates

/// How the run was made, so that it can be made again.
enum ProvenanceSection {
  static func section(_ content: ReportContent) -> PageSection {
    var parts: [Piece] = []
    if let command = content.provenance.command {
      parts.append(.command(command))
    }
    let experiments = content.models.compactMap { model in
      model.experimentLink.map { link in
        let isPage = isWebAddress(link)
        return (
          name: "Experiment of \(model.name)", value: isPage ? nil : link,
          link: isPage ? link : nil
        )
      }
    }
    parts.append(
      .facts(content.provenance.facts.map { ($0.name, $0.value, nil) } + experiments))
    for model in content.models where !model.hyperparameters.isEmpty {
      parts.append(
        PageSection.folded(
          "Hyper-parameters of \(model.name)",
          [
            DataTable(
              header: ["Name", "Value"], rows: model.hyperparameters.map { [$0.name, $0.value] }
            ).piece
          ]))
    }
    return PageSection(
      id: "made", title: "How it was made", shortTitle: "How it was made", content: parts)
  }

  /// Whether a link leads to a page, and does nothing else when it is followed.
  private static func isWebAddress(_ link: String) -> Bool {
    link.hasPrefix("https://") || link.hasPrefix("http://")
  }
}
