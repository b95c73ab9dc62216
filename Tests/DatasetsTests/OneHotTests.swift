import TestSupport
import Testing

@testable import Datasets

@Suite struct `One-hot encoding` {
  private let text = "w,n,v\nΩ,1,a\nb,2,b\n,3,a\n😀,4,a\nB,5,b\n"

  @Test
  func
    `a column becomes a feature for each category, in its place and in the order of code points`()
    throws
  {
    let data = try prepared(text, Preprocessing(encoding: .oneHot))
    let names = ["w=B", "w=b", "w=Ω", "w=😀", "w=(missing)", "n", "v=a", "v=b"]
    #expect(data.training.featureNames == names && data.columnNames == ["w", "n", "v"])
    #expect(data.featureRanges == [0..<5, 5..<6, 6..<8])
    // Codes stay in the order of the names, and the missing one is behind them.
    #expect(data.columns[0] == [2, 1, 4, 3, 0, 2, 1, 4, 3, 0])
    for part in [data.training, data.test] {
      for (index, row) in part.rows.enumerated() {
        for feature in 0..<5 {
          // A fifth of the rows each: the mean is 0.2 and the deviation 0.4.
          let isHot = data.columns[0][row] == Double(feature)
          #expect(abs(part.features[index, feature] - (isHot ? 2 : -0.5)) < 1e-12)
        }
      }
    }
    #expect(data.withMissingNumbers().training.features == data.training.features)
  }

  @Test func `missing numbers behind a one-hot column stay missing on request`() throws {
    let data = try prepared(
      "w,n,v\na,,x\nb,2,x\nc,3,x\n", Preprocessing(encoding: .oneHot, missing: .native))
    let native = data.withMissingNumbers()
    for (index, row) in native.training.rows.enumerated() {
      #expect(native.training.features[index, 3].isNaN == (row % 3 == 0))
      #expect(native.training.features.row(index).count { $0.isNaN } == (row % 3 == 0 ? 1 : 0))
    }
  }

  @Test func `fitted on the training rows, a category of the test rows alone is refused`() throws {
    var refused = 0
    for once in 0..<20 {
      let rows = (0..<20).map { "\($0 == once ? "once" : "w"),\($0),\($0 % 2)\n" }
      let text = "w,n,v\n" + rows.joined()
      let all = try prepared(text, Preprocessing(encoding: .oneHot), copies: 1)
      let training = Preprocessing(encoding: .oneHot, fittedOn: .training)
      if all.test.rows.contains(once) {
        refused += 1
        let error = #expect(throws: DatasetError.self) { try prepared(text, training, copies: 1) }
        #expect(error?.description.contains("expected a category of the training rows") == true)
      } else {
        let data = try prepared(text, training, copies: 1)
        #expect(
          data.training.featureNames == ["w=once", "w=w", "n"] + data.training.featureNames[3...])
      }
    }
    #expect(refused == 4)
  }

  @Test func `a column of too many categories is refused by name`() throws {
    let rows = "w,n,v\n" + (0..<101).map { "w\($0),\($0),v\n" }.joined()
    let error = #expect(throws: DatasetError.self) {
      try prepared(rows, Preprocessing(encoding: .oneHot))
    }
    #expect(
      error?.description
        == "t.csv: column \"w\": expected at most 100 categories to encode one-hot, found 101; allow more "
        + "with --max-categories 101, leave the column out with --drop \"w\", or give --encode ordinal"
    )
    let wider = Preprocessing(encoding: .oneHot, maximumCategories: 101)
    #expect(try prepared(rows, wider).training.featureCount == 103)
    // A missing name is a category too.
    #expect(throws: DatasetError.self) { try prepared(rows + ",1,v\n", wider) }
    #expect(try prepared(rows, Preprocessing()).training.featureCount == 3)
  }

  @Test(arguments: ["w,w=a,v\na,1,x\nb,2,x\n", "w,n,v\n(missing),1,x\n,2,x\n"])
  func `two features of one name are refused`(text: String) throws {
    let error = #expect(throws: DatasetError.self) {
      try prepared(text, Preprocessing(encoding: .oneHot))
    }
    #expect(error?.description.contains("two would be called \"w=") == true)
    _ = try prepared(text, Preprocessing())
  }

  /// The rows, copied, with a class of their own.
  private func prepared(
    _ text: String, _ preprocessing: Preprocessing, copies: Int = 2
  ) throws -> PreparedData {
    var preprocessing = preprocessing
    preprocessing.target = TargetRule(column: "class", classes: [])
    let lines = text.split(separator: "\n")
    let rows = [[Substring]](repeating: Array(lines.dropFirst()), count: copies).joined()
    let table = rows.enumerated().map { "\($1),\($0 % 2)\n" }.joined()
    return try withTemporaryFile("\(lines[0]),class\n" + table) {
      try preprocessing.prepare(
        CSVTable(contentsOf: $0, preprocessing.reading), split: TrainTestSplit())
    }
  }
}
