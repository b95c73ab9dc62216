import Foundation

/// The path and the query of a request.
struct HTTPTarget: Sendable {
  let path: String
  /// Names and values, decoded, in the order in which they came.
  let query: [(name: String, value: String)]

  /// - Returns: `nil` when it does not start with a slash, or a percent sign is not followed by two
  ///   hexadecimal digits, or the decoded bytes are not UTF-8.
  init?(_ text: String) {
    let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    guard text.hasPrefix("/"), let path = parts[0].removingPercentEncoding else { return nil }
    self.path = path
    var query: [(String, String)] = []
    for pair in parts.dropFirst().joined().split(separator: "&") {
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map { $0.replacing("+", with: " ").removingPercentEncoding }
      guard let name = sides[0], let value = sides.count == 2 ? sides[1] : "" else { return nil }
      query.append((name, value))
    }
    self.query = query
  }

  /// The query's values by name; the first of a name counts.
  var values: [String: String] {
    Dictionary(query.map { ($0.name, $0.value) }) { first, _ in first }
  }
}
