import Support
import TestSupport
import Testing

@testable import Datasets

/// 3,000 damaged tables in all forms that are read, or as many as MUTANTS says: each is refused with an
/// exit status of its own, or read, at once and block by block.
@Suite struct `A damaged table` {
  private static let count = Mutator.count(usually: 3000)

  @Test func `a damaged table is refused, or read`() throws {
    let tables = try ReferenceTables.all()
    var soundCount = 0
    for number in 0..<Self.count {
      var mutator = Mutator(seed: UInt64(number))
      let (table, other) = (tables[number % tables.count], tables[number / 7 % tables.count])
      var mutant = mutator.mutant(of: Array(table.bytes), other: Array(other.bytes))
      // What is packed is damaged before it is packed, or after.
      if number % 4 == 1, mutant.count <= 65_535 { mutant = HandmadeGzip.member(of: mutant) }
      if number % 8 == 1 { mutant = mutator.mutant(of: mutant, other: Array(other.bytes)) }
      var reading = CSVReading(format: table.format)
      reading.decimalMark = DecimalMark.allCases[number / 3 % DecimalMark.allCases.count]
      reading.needsValues = number % 5 == 0
      reading.missingWords = number % 7 == 0 ? ["1", "x"] : []
      if number % 3 == 0 {
        reading.labelColumn = table.names.last
        reading.textColumns = table.names.suffix(1)
        reading.incompleteColumns = Array(table.names.prefix(1))
      }
      do {
        try withTemporaryFile(mutant) { path in
          let whole = try CSVTable(contentsOf: path, reading, threads: 1 + number % 2)
          for column in whole.columns where column.wordNumbers.count != whole.rowCount {
            #expect(column.numbers.count == whole.rowCount, "mutant \(number): \(column.name)")
          }
        }
        soundCount += 1
      } catch {
        check(error, number)
      }
      do {
        try withTemporaryFile(mutant) { path in
          let reader = try CSVBlockReader(contentsOf: path, table.format)
          while let block = try reader.next() {
            try block.forEachRow { _, cells, _ in _ = cells.map(\.text) }
          }
        }
      } catch {
        check(error, number)
      }
    }
    // A mutator that breaks every table tests the first check only.
    #expect(soundCount > Self.count / 10)
  }

  private func check(_ error: any Error, _ number: Int) {
    // Who reads blocks knows the file's name, and makes an error with it that has a status.
    if error is CSVError { return }
    let status = (error as? any ExitStatusProviding)?.exitStatus ?? 70
    #expect(status != 70, "mutant \(number): \(error)")
  }
}
