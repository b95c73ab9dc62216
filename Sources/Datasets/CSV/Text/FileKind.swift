import Support

/// Files that are no CSV, recognised by their first bytes, and the command that makes a table of each.
enum FileKind {
  /// How many of the first bytes are looked at.
  static let length = 512

  private typealias Kind = (start: String, name: String, command: String)

  /// First bytes, what such a file is, and what to do: a command that prints the table, or advice after a colon.
  private static let kinds: [Kind] =
    [
      ("PK\u{3}\u{4}", "a ZIP archive", "unzip -p FILE"),
      ("\u{fd}7zXZ\0", "an xz file", "xzcat FILE"),
      ("BZh91AY&SY", "a bzip2 file", "bzcat FILE"),
      ("(\u{b5}/\u{fd}", "a zstd file", "zstdcat FILE"),
      ("PAR1\u{15}", "a Parquet file", pandas("parquet")),
      ("ARROW1\0", "a Feather or Arrow file", pandas("feather")),
      ("FEA1\0", "a Feather file", pandas("feather")),
      ("\u{89}HDF\r\n", "an HDF5 file", pandas("hdf")),
      ("\u{d0}\u{cf}\u{11}\u{e0}", "an Excel workbook", pandas("excel")),
      ("RDX2\n", "R data", r("get(load(commandArgs(TRUE))[1])")),
      ("RDX3\n", "R data", r("get(load(commandArgs(TRUE))[1])")),
      ("X\n\0\0\0", "R data", r("readRDS(commandArgs(TRUE))")),
      (
        "SQLite format 3\0", "an SQLite database",
        "sqlite3 -header -csv FILE 'SELECT * FROM A_TABLE'"
      ),
      ("version https://git-lfs", "a pointer of Git LFS", ":get the file itself with git lfs pull"),
    ]
    + (2...5).map {
      ("\u{80}\(Character(Unicode.Scalar(UInt8($0))))", "a pickle", pandas("pickle"))
    }

  /// The same of texts, whatever the case of their letters.
  private static let textKinds: [Kind] = [
    ("<!doctype html", "an HTML page", ":download the table itself, not the page that shows it"),
    ("<html", "an HTML page", ":download the table itself, not the page that shows it"),
    ("@relation", "an ARFF file", "sed '1,/^@data/Id' FILE"),
  ]

  private static func pandas(_ format: String) -> String {
    "python3 -c 'import pandas, sys; "
      + "pandas.read_\(format)(sys.argv[1]).to_csv(sys.stdout, index=False)' FILE"
  }

  private static func r(_ table: String) -> String {
    "Rscript -e 'write.csv(\(table), row.names = FALSE)' FILE"
  }

  /// What is wrong with a file that begins so; `nil` if it may be a table.
  static func problem(_ start: [UInt8], path: String) -> String? {
    let text = String(String.UnicodeScalarView(start.map { Unicode.Scalar($0) }))
    func isAt(_ offset: Int, _ magic: String) -> Bool {
      text.unicodeScalars.dropFirst(offset).starts(with: magic.unicodeScalars)
    }
    let trimmed = String(text.drop { $0.isWhitespace }).lowercased()
    let tar: Kind? = isAt(257, "ustar") ? ("", "a tar archive", "tar -xOf FILE") : nil
    guard
      var kind = kinds.first(where: { isAt(0, $0.start) })
        ?? textKinds.first(where: { trimmed.hasPrefix($0.start) }) ?? tar
    else { return nil }
    if isAt(0, "PK"), text.contains("[Content_Types].xml") || text.contains("opendocument") {
      kind = ("", "a spreadsheet", pandas("excel"))
    }
    if kind.command.first == ":" {
      return "expected a CSV file, found \(kind.name); \(kind.command.dropFirst())"
    }
    let command = kind.command.replacing(
      "FILE", with: path == "-" ? "FILE" : ShellCommand.quoted(path))
    return "expected a CSV file, found \(kind.name); make one with \(command) > table.csv"
  }
}
