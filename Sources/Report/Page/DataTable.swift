import HTML

/// A table with a heading for each column and each row.
struct DataTable {
  var title: String?
  var header: [String]
  /// The first cell of each row is its heading.
  var rows: [[String]]

  var html: HTML {
    table(.class("numbers")) {
      if let title { caption { title } }
      thead {
        tr { for cell in header { th(.scope("col")) { cell } } }
      }
      tbody {
        for row in rows {
          tr {
            th(.scope("row")) { row[0] }
            for cell in row.dropFirst() { td { cell } }
          }
        }
      }
    }
  }
}
