import Support

/// Rows that are equal in every feature: of the test part to training rows, and with different classes.
///
/// In a table of a few categories most rows are equal to others by chance. So they are told only where there are
/// ten times as many pairs as independent columns would have.
enum EqualRowsCheck {
  /// From one row of twenty on it is a warning, below it a note.
  private static func severity(_ rows: Int, of all: Int) -> DataFinding.Severity {
    rows * 20 >= all ? .warning : .note
  }

  @Sendable static func findings(in table: ExaminedTable) -> [DataFinding] {
    let groups = RowGroups(table)
    guard !groups.groups.isEmpty else { return [] }
    let chance = chanceOfEqualRows(table)
    var (twins, twinPairs, contradicting, pairs) = (0, 0.0, 0, 0.0)
    for rows in groups.groups {
      let test = rows.count { table.isTest[$0] }
      let training = rows.count - test
      if training > 0 { twins += test }
      twinPairs += Double(test) * Double(training)
      pairs += Double(rows.count) * Double(rows.count - 1) / 2
      if rows.contains(where: { table.labels[$0] != table.labels[rows[0]] }) {
        contradicting += rows.count
      }
    }
    let (training, test) = (Double(table.training.count), Double(table.test.count))
    let all = training + test
    return [
      exceeds(twinPairs, training * test * chance) ? twinFinding(twins, table) : nil,
      exceeds(pairs, all * (all - 1) / 2 * chance) && contradicting > 0
        ? contradictionFinding(contradicting, table) : nil,
    ].compactMap { $0 }
  }

  /// Whether there are more pairs than chance explains. The root is for small numbers: one pair where a
  /// hundredth is expected is chance in one of a hundred tables.
  private static func exceeds(_ pairs: Double, _ expected: Double) -> Bool {
    pairs > 10 * (expected + expected.squareRoot())
  }

  /// The chance that two rows are equal if columns are independent: the product over the columns of the chance
  /// that two rows of a sample have the same value.
  private static func chanceOfEqualRows(_ table: ExaminedTable) -> Double {
    let rows = ExaminedTable.sample(of: table.training + table.test, 1000)
    let all = Double(rows.count) * Double(rows.count - 1) / 2
    return table.columns.reduce(1) { chance, column in
      var counts: [UInt64: Int] = [:]
      var pairs = 0
      for row in rows {
        let count = counts[RowGroups.bits(column.values[row]), default: 0]
        pairs += count
        counts[RowGroups.bits(column.values[row])] = count + 1
      }
      // As if there were one pair more, since a sample may miss rare ones.
      return chance * min(1, Double(pairs + 1) / (all + 1))
    }
  }

  private static func twinFinding(_ count: Int, _ table: ExaminedTable) -> DataFinding {
    let test = table.test.count
    return DataFinding(
      .twins, severity(count, of: test),
      found:
        "\(NumberText.grouped(count)) of \(NumberText.grouped(test)) test rows equal a training row in every "
        + "feature",
      meaning: "A model can know such rows by heart, so scores on them say little about new rows.",
      advice: table.isRandomSplit
        ? "remove double rows, or keep rows with equal cells in one part with --split stable"
        : "remove double rows")
  }

  private static func contradictionFinding(_ count: Int, _ table: ExaminedTable) -> DataFinding {
    DataFinding(
      .contradictingRows, severity(count, of: table.rowCount),
      found: "\(rowText(count)) equal another row in every feature, and have different classes",
      meaning:
        "No model can be right about all of them: some labels are wrong, or the features do not say "
        + "all that the class depends on.",
      advice: "check the labels of equal rows, or add what tells them apart")
  }
}

/// The rows that are equal in every feature to others.
struct RowGroups {
  /// At least two rows each, in the order of the table.
  let groups: [[Int]]

  /// Every row is hashed once, column by column; rows with equal hashes are compared.
  ///
  /// - Complexity: O(rows · columns) time, 20 bytes per row.
  init(_ table: ExaminedTable) {
    let columns = table.columns
    var hashes = [UInt64](repeating: 0, count: table.rowCount)
    for column in columns {
      column.values.withUnsafeBufferPointer { values in
        hashes.withUnsafeMutableBufferPointer { hashes in
          for row in values.indices {
            let word = (hashes[row] ^ Self.bits(values[row])) &* 0x9e37_79b9_7f4a_7c15
            hashes[row] = word ^ word &>> 32
          }
        }
      }
    }
    var first = [Int: [Int]]()
    let mask = Self.slotCount(for: table.rowCount) - 1
    var slots = [Int32](repeating: -1, count: mask + 1)
    slots.withUnsafeMutableBufferPointer { slots in
      hashes.withUnsafeBufferPointer { hashes in
        for row in hashes.indices where table.labels[row] >= 0 {
          var slot = Int(truncatingIfNeeded: hashes[row]) & mask
          while slots[slot] >= 0 {
            let other = Int(slots[slot])
            if hashes[other] == hashes[row], Self.areEqual(other, row, columns) {
              first[other, default: [other]].append(row)
              break
            }
            slot = (slot + 1) & mask
          }
          if slots[slot] < 0 { slots[slot] = Int32(row) }
        }
      }
    }
    groups = first.sorted { $0.key < $1.key }.map(\.value)
  }

  /// A power of two, at least twice the number of rows.
  private static func slotCount(for rows: Int) -> Int {
    var count = 2
    while count < 2 * rows { count *= 2 }
    return count
  }

  private static func areEqual(
    _ first: Int, _ second: Int, _ columns: [ExaminedTable.Column]
  ) -> Bool {
    columns.allSatisfy { bits($0.values[first]) == bits($0.values[second]) }
  }

  /// The same for equal numbers, zeros of both signs, and missing ones.
  @inline(__always) static func bits(_ value: Double) -> UInt64 {
    value.isNaN ? .max : (value + 0).bitPattern
  }
}
