import ModelRegistry
import Support

/// The registry's models as a table for people.
struct ListingTable {
  let text: String

  init(_ listing: RegistryListing) {
    guard !listing.rows.isEmpty else {
      text = SafeText.line("The registry of workspace \(listing.workspace) has no models.") + "\n"
      return
    }
    let rows =
      [["Model", "Version", "Stages", "Comment"]]
      + listing.rows.map {
        [$0.model, $0.version, $0.stages.joined(separator: ", "), $0.comment].map {
          SafeText.name($0, limit: 60)
        }
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
}
