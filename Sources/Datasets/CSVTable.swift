import Support
import Synchronization

/// A CSV file in memory, column by column.
///
/// The first line names the columns. Cells are separated by `,`, `;` or tab, whichever the first line
/// has most of outside quotes. Quoting follows RFC 4180; spaces around a cell without quotes are not part
/// of it, and empty lines are no rows. An unnamed first column, the row numbers that many programs
/// write, is left out.
public struct CSVTable: Sendable {
  /// The file's name without its folder.
  public let fileName: String
  /// The SHA-256 of the file's bytes, in hexadecimal digits.
  public let sha256: String
  public let rowCount: Int
  let columns: [CSVColumn]
  /// The line of the file on which each row starts, counted from 1; empty where row `i` stands on line
  /// `i + 2`.
  private let rowLines: [Int]

  public var columnNames: [String] { columns.map(\.name) }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - textColumns: columns whose cells are words even where they look like numbers.
  ///   - threads: how many threads may work; it never changes the result.
  public init(
    contentsOf path: String, textColumns: Set<String> = [], threads: Int = 2
  ) throws(DatasetError) {
    fileName = path.split(separator: "/").last.map(String.init) ?? path
    let bytes = try FileBytes.readText(path, fileName: fileName)
    let digest = Mutex("")
    let start = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    let separator = CSVReader.separator(of: bytes[start...])
    let plain = bytes.withUnsafeBufferPointer { bytes in
      nonisolated(unsafe) let input = UnsafeRawBufferPointer(bytes)
      return PlainCSVReader(
        bytes, separator: separator, textColumns: textColumns
      )?.read(bytes, threads: threads) {
        let sum = SHA256.hexDigest(of: input)
        digest.withLock { $0 = sum }
      }
    }
    let sum = digest.withLock { $0 }
    sha256 = sum.isEmpty ? SHA256.hexDigest(of: bytes) : sum
    if let plain {
      columns = plain.columns
      rowCount = plain.rowCount
      rowLines = []
      return
    }
    let reader = CSVReader(fileName: fileName, textColumns: textColumns)
    try reader.read(bytes)
    columns = Array(reader.columns.dropFirst(reader.hasIndexColumn ? 1 : 0))
    rowCount = reader.rowLines.count
    let isPlain = reader.rowLines.enumerated().allSatisfy { $0.element == $0.offset + 2 }
    rowLines = isPlain ? [] : reader.rowLines
  }

  /// The line of the file on which a row starts.
  public func line(ofRow row: Int) -> Int { rowLines.isEmpty ? row + 2 : rowLines[row] }

  func column(named name: String) -> CSVColumn? { columns.first { $0.name == name } }
}
