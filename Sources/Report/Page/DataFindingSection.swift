import Comparison
import HTML

/// What is better known about the data before the scores are believed, the worst first.
enum DataFindingSection {
  @Sendable static func section(_ content: ReportContent) -> PageSection? {
    guard !content.findings.isEmpty else { return nil }
    return PageSection(
      id: "findings", title: "Findings about the data", shortTitle: "Findings",
      introduction:
        "What the table shows before any model is fitted, the worst first. A finding is a "
        + "reason to look, and may be as it should be."
    ) {
      for finding in content.findings {
        h3 { finding.found.capitalizedFirst }
        p { "\(finding.meaning) What to do: \(finding.advice)." }
        smallPrint("\(finding.severity.rawValue.capitalizedFirst), \(finding.code.rawValue)")
      }
    }
  }
}
