import ModelRegistry

/// The registry's models as a table for people.
struct ListingTable {
  let text: String

  init(_ listing: RegistryListing) {
    guard !listing.rows.isEmpty else {
      text = "The registry of workspace \(listing.workspace) has no models.\n"
      return
    }
    let rows =
      [["Model", "Version", "Stages", "Comment"]]
      + listing.rows.map {
        [$0.model, $0.version, $0.stages.joined(separator: ", "), Self.oneLine($0.comment)]
      }
    let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
    text = rows.map { row in
      var line = ""
      for (cell, width) in zip(row, widths) {
        line += cell + String(repeating: " ", count: width - cell.count + 2)
      }
      line += row[3]
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }

  /// The beginning of a comment, on one line.
  private static func oneLine(_ text: String) -> String {
    let line = String(text.map { $0.isNewline ? " " : $0 })
    return line.count > 60 ? line.prefix(59) + "…" : line
  }
}
