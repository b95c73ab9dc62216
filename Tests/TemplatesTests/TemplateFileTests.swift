import TestSupport
import Testing

/// The template files of all targets.
@Suite struct `Template files` {
  static let folders = ["Sources/Report/Templates", "Sources/PredictionService/Templates"]

  /// What stands between the braces of a template's tags, comments left out.
  private func tags(of text: String) -> [Substring] {
    text.matches(of: /\{\{\{?([^{}!]+)\}\}/).map(\.1)
  }

  // The library writes nothing, and no error, for a template that is not there.
  @Test(arguments: folders)
  func `name only templates that are there`(folder: String) throws {
    let files = try RepositoryFiles.texts(in: folder, ending: ".mustache")
    #expect(!files.isEmpty)
    for (name, text) in files {
      for tag in tags(of: text) where tag.hasPrefix(">") || tag.hasPrefix("<") {
        let named = tag.dropFirst()
        #expect(
          named == "*.template" || files[String(named)] != nil, "\(folder)/\(name): {{\(tag)}}")
      }
    }
  }

  // Without the point a name that a piece lacks would be taken from the piece around it.
  @Test(arguments: folders)
  func `look for every name in the piece at hand`(folder: String) throws {
    for (name, text) in try RepositoryFiles.texts(in: folder, ending: ".mustache") {
      for tag in tags(of: text) where !tag.hasPrefix(">") && !tag.hasPrefix("<") {
        let asked = tag.drop { "#^/".contains($0) }
        let isBlock = asked.hasPrefix("$") || text.contains("{{$\(asked)}}")
        #expect(
          asked.hasPrefix(".") || asked == "first()" || isBlock
            || text.contains("{{<\(asked)}}"), "\(folder)/\(name): {{\(tag)}}")
      }
    }
  }
}
