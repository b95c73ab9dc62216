import Templates

/// A table with a heading for each column and each row.
struct DataTable {
  var caption: String?
  var header: [String]
  /// The first cell of each row is its heading.
  var rows: [[String]]

  var piece: Piece {
    Piece(
      .table,
      [
        "caption": caption, "header": header,
        "rows": rows.map { Piece(["heading": $0.first, "cells": Array($0.dropFirst())]) },
      ])
  }

  /// The table in a box that can be scrolled, by keys too.
  func scrolling(label: String) -> Piece {
    Piece(.scrollingTable, ["label": label, "table": piece])
  }
}
