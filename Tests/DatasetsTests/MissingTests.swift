import TestSupport
import Testing

@testable import Datasets

@Suite struct `Missing cells` {
  @Test func `missing numbers get the median, and missing names a category behind the last`() throws
  {
    // The median of 1, 3, 10 and 4 is 3.5.
    let data = try prepared("1,x,a\n,y,b\n3,,a\n10,x,b\n4,  ,a\n", header: "n,w,class")
    #expect(data.columns == [[1, 3.5, 3, 10, 4], [0, 1, 2, 0, 2]])
    #expect(data.encoders[0].encoder.classes == ["x", "y"])
    #expect(
      data.missing == [
        MissingFeature(substitute: 3.5, rows: [1]), MissingFeature(substitute: 2, rows: [2, 4]),
      ])
    // (1 + 3.5 + 3 + 10 + 4) / 5
    #expect(data.scaler.means == [4.3, 1])
    let elements = data.training.features.elements + data.test.features.elements
    #expect(elements.allSatisfy { $0.isFinite })
  }

  @Test func `medians are those of the training rows on request`() throws {
    let parts = try TrainTestSplit().positions(sampleCount: 10)
    var numbers = (0..<10).map { "\($0 * $0)" }
    numbers[parts.test[0]] = "NA"
    numbers[parts.training[0]] = "?"
    let known = parts.training.dropFirst().map { Double($0 * $0) }.sorted()
    let lines = numbers.enumerated().map { "\($1),\($0 % 2)\n" }.joined()
    let data = try prepared(lines, header: "n,class", Preprocessing(fittedOn: .training))
    #expect(known.count == 7 && data.missing[0]?.substitute == known[3])
    #expect(data.columns[0][parts.test[0]] == known[3])
  }

  @Test func `a missing name that only test rows have is refused where training rows count`() throws
  {
    let test = try TrainTestSplit().positions(sampleCount: 20).test[0]
    let lines = (0..<20).map { "\($0 == test ? "" : "x"),\($0),\($0 % 2)\n" }.joined()
    let error = #expect(throws: DatasetError.self) {
      try prepared(lines, header: "w,n,class", Preprocessing(fittedOn: .training))
    }
    #expect(
      error?.description == "t.csv:\(test + 2): column \"w\": expected a category of the training "
        + "rows, found a missing value; drop rows with missing cells with --missing drop-rows, fit on all rows with --fit-preprocessing all, or leave the "
        + "row out")
    #expect(try prepared(lines, header: "w,n,class").missing[0]?.rows == [test])
  }

  @Test(arguments: [
    "", "  ", "\t", "\"\"", "\" \"", "NA", "N/A", "n/a", "#N/A", "#NA", "<NA>", "NaN", "nan",
    "-nan",
    "-NaN", "NULL", "null", "None", "?",
  ])
  func `a word means a missing number, and is a name among names`(cell: String) throws {
    let isBlank = cell.allSatisfy { " \t\"".contains($0) }
    let text = "5,\(cell),1,a\n\(cell),y,\(cell),b\n2.5,z,3,a\n"
    let names = Preprocessing(categorical: ["code"])
    let table = try read(text, header: "n,w,code,class", names)
    let data = try prepared(table, names)
    #expect(data.columns[0] == [5, 3.75, 2.5])
    #expect(data.encoders.map(\.column) == ["w", "code"])
    // Numbers that are taken as names are still numbers.
    #expect(data.encoders[1].encoder.classes == ["1", "3"] && data.columns[2] == [0, 2, 1])
    let notices = names.notices(on: table).filter { $0.contains("--missing-values") }
    if isBlank {
      #expect(data.encoders[0].encoder.classes == ["y", "z"] && notices.isEmpty)
    } else {
      #expect(data.encoders[0].encoder.classes.contains(cell))
      #expect(notices.count == 1 && notices[0].contains("Column \"w\": \"\(cell)\" is a category;"))
    }
  }

  @Test func `other words mean missing values in every column, even if they are numbers`() throws {
    var given = Preprocessing(missingWords: ["unknown", "-9", "NA"])
    let text = "1,x,a\n-9.0,unknown,b\n5,NA,a\nunknown,-9,b\n2,y,a\n,y,unknown\n"
    let error = #expect(throws: DatasetError.self) {
      try prepared(text, header: "n,w,class", given)
    }
    #expect(error?.description.hasPrefix("t.csv:7: column \"class\": expected a class") == true)
    given.dropsUnlabelled = true
    let table = try read(text, header: "n,w,class", given)
    #expect(table.rowCount == 5)
    let data = try prepared(table, given)
    #expect(data.columns == [[1, 2, 5, 2, 2], [0, 2, 2, 2, 1]])
    #expect(
      with(given).notices(on: table) == [
        "Dropped 1 of 6 rows, which have no label", "Missing cells: n 2, w 3",
        "Columns taken as names: w",
      ])
  }

  @Test func `rows with a missing feature are dropped on request, and their words with them`()
    throws
  {
    let given = Preprocessing(dropping: ["note"], missing: .dropRows)
    let table = try read(
      "1,x,,a\n,only here,1,b\n3,y,,b\n4,,2,a\n5,y,3,a\n", header: "n,w,note,class", given)
    let data = try prepared(table, given)
    #expect(data.columns == [[1, 3, 5], [0, 1, 1]] && data.missing == [nil, nil])
    #expect(data.encoders[0].encoder.classes == ["x", "y"])
    #expect(data.filePositions(of: data.test).allSatisfy { [0, 2, 4].contains($0) })
    #expect((0..<3).map(table.line(ofRow:)) == [2, 4, 6])
    #expect(
      given.notices(on: table).first
        == "Dropped 2 of 5 rows, which have a missing cell in a feature")
  }

  @Test func `missing cells are refused on request`() {
    for (text, line, found) in [
      ("1,x,a\n,y,b\n", 3, "an empty cell"), ("1,x,a\n2,y,b\n3,,b\n", 4, "an empty cell"),
      ("1,x,a\n\n2,\"y\nz\",b\n \"  \",z,a\n,y,b\n", 6, "an empty cell"),
      ("NA,x,a\n2,y,b\n?,y,b\n", 2, "\"NA\", which means a missing one"),
      ("1,x,a\n-9.0,y,b\n,y,b\n", 3, "\"-9.0\", which means a missing one"),
      ("1,x,a\n2,-9,b\n", 3, "\"-9\", which means a missing one"),
    ] {
      let error = #expect(throws: DatasetError.self) {
        try prepared(
          text, header: "n,w,class", Preprocessing(missing: .error, missingWords: ["-9"]))
      }
      #expect(error?.description.hasPrefix("t.csv:\(line): column \"") == true)
      #expect(error?.description.contains("expected a value, found \(found); correct") == true)
      #expect(error?.description.contains("--missing impute, native or drop-rows") == true)
    }
  }

  @Test func `models that accept missing numbers get them as such`() throws {
    let rows = (0..<10).map { "\($0 % 3 == 0 ? "" : "\($0)"),\($0 == 1 ? "" : "x"),\($0 % 2)\n" }
    let data = try prepared(rows.joined(), header: "n,w,class", Preprocessing(missing: .native))
    let native = data.withMissingNumbers()
    #expect(data.lacksNumbers && native.keepsMissing && !data.keepsMissing)
    for (part, imputed) in [(native.training, data.training), (native.test, data.test)] {
      for (index, row) in part.rows.enumerated() {
        #expect(part.features[index, 0].isNaN == (row % 3 == 0))
        if row % 3 != 0 { #expect(part.features[index, 0] == imputed.features[index, 0]) }
        #expect(part.features[index, 1] == imputed.features[index, 1])
      }
    }
  }

  @Test func `a column whose first 5,000 cells are missing is read as what follows`() throws {
    let gaps = [String](repeating: ",NA,1", count: 5000)
    let table = try read(
      (gaps + ["x,7,0", "y,NA,1"]).joined(separator: "\n"), header: "w,n,class", Preprocessing())
    #expect(table.columns[0].words == ["", "x", "y"] && table.columns[0].missingCount == 5000)
    #expect(table.columns[1].isNumeric && table.columns[1].missingCount == 5001)
  }

  private func read(
    _ rows: String, header: String, _ preprocessing: Preprocessing
  ) throws -> CSVTable {
    try withTemporaryFile(header + "\n" + rows) {
      try CSVTable(contentsOf: $0, with(preprocessing).reading)
    }
  }

  private func prepared(
    _ rows: String, header: String, _ preprocessing: Preprocessing = Preprocessing()
  ) throws -> PreparedData {
    try prepared(read(rows, header: header, preprocessing), preprocessing)
  }

  private func prepared(_ table: CSVTable, _ preprocessing: Preprocessing) throws -> PreparedData {
    try with(preprocessing).prepare(table, split: TrainTestSplit())
  }

  private func with(_ preprocessing: Preprocessing) -> Preprocessing {
    var preprocessing = preprocessing
    preprocessing.target = TargetRule(column: "class", classes: [])
    return preprocessing
  }
}
