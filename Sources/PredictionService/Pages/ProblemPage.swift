import Templates

/// The page for what went wrong outside the form.
enum ProblemPage {
  static func bytes(_ problem: Problem, status: Int) -> [UInt8] {
    let heading =
      switch status {
      case 404: "Nothing here"
      case 503: "Not ready"
      default: "That did not work"
      }
    return Piece(
      .problem,
      [
        "frame": PageFrame.piece(title: "\(heading) (\(status))"), "heading": heading,
        "message": capitalized(problem.message),
      ]
    ).bytes
  }

  private static func capitalized(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }
}
