/// How the run was made, so that it can be made again.
enum ProvenanceSection {
  static func section(_ content: ReportContent) -> PageSection {
    var parts: [Markup] = []
    if let command = content.provenance.command {
      parts.append(Markup("pre", [:], [Markup("code", [:], command)]))
    }
    let links = content.models.compactMap { model in
      model.experimentLink.map { (model.name, $0) }
    }
    parts.append(
      Markup(
        "dl", ["class": "facts"],
        content.provenance.facts.flatMap {
          [Markup("dt", [:], $0.name), Markup("dd", [:], $0.value)]
        }
          + links.flatMap { name, link in
            [
              Markup("dt", [:], "Experiment of \(name)"),
              Markup(
                "dd", [:], [isWebAddress(link) ? Markup("a", ["href": link], link) : .text(link)]),
            ]
          }))
    for model in content.models where !model.hyperparameters.isEmpty {
      parts.append(
        PageSection.folded(
          "Hyper-parameters of \(model.name)",
          [
            DataTable(
              header: ["Name", "Value"], rows: model.hyperparameters.map { [$0.name, $0.value] }
            ).markup
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
