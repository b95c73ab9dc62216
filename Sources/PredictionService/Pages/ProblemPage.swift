import Report

/// The page for what went wrong outside the form.
enum ProblemPage {
  static func bytes(_ problem: Problem, status: Int) -> [UInt8] {
    let heading =
      switch status {
      case 404: "Nothing here"
      case 503: "Not ready"
      default: "That did not work"
      }
    return PageFrame.page(
      title: "\(heading) (\(status))",
      [
        Markup("h1", [:], heading),
        Markup("p", ["class": "lead"], capitalized(problem.message) + "."),
        Markup("p", ["class": "actions"], [Markup("a", ["href": "/"], "To the form")]),
      ]
    ).renderedPage
  }

  private static func capitalized(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }
}
