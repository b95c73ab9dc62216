import Evaluation
import JSON
import Testing

@Suite struct `A confusion matrix` {
  private static func matrix(classCount: Int) -> ConfusionMatrix {
    let actual = (0..<classCount * 3).map { $0 % classCount }
    return ConfusionMatrix(
      actual: actual,
      predicted: actual.enumerated().map { $0 % 5 == 0 ? (1 + $1) % classCount : $1 },
      classCount: classCount)
  }

  @Test(arguments: [0, 1, 2, 30, 31, 900])
  func `a confusion matrix is the same after it was written and read`(classCount: Int) throws {
    let matrix = Self.matrix(classCount: classCount)
    let value = try JSONValue(encoding: matrix)
    #expect(try value.decoded(as: ConfusionMatrix.self) == matrix)
    #expect((value.elements != nil) == (classCount <= 30))
  }

  @Test func `a matrix of many classes is written as the cells that are not zero`() throws {
    let bytes = try JSONDocument.encode(Self.matrix(classCount: 900))
    // 2700 samples, each a cell of three numbers at most.
    #expect(bytes.count < 2700 * 3 * 12)
    let two = ConfusionMatrix(actual: [40, 0, 0], predicted: [2, 0, 0], classCount: 41)
    #expect(
      try JSONValue(encoding: two).description
        == #"{"actual":[0,40],"classes":41,"count":[2,1],"predicted":[0,2]}"#)
  }

  @Test(arguments: [
    "[[1],[2]]", "[[1,2]]", "[[-1]]", "[[1.5]]", "[[2000000000000]]", "{}", "7",
    #"{"classes":-1,"actual":[],"predicted":[],"count":[]}"#,
    #"{"classes":1000000000,"actual":[],"predicted":[],"count":[]}"#,
    #"{"classes":40,"actual":[40],"predicted":[0],"count":[1]}"#,
    #"{"classes":40,"actual":[0],"predicted":[-1],"count":[1]}"#,
    #"{"classes":40,"actual":[0],"predicted":[0],"count":[]}"#,
    #"{"classes":40,"actual":[0],"predicted":[0],"count":[-1]}"#,
    #"{"classes":40,"actual":[0],"predicted":[0],"count":[9223372036854775807]}"#,
  ])
  func `what is no confusion matrix is refused`(text: String) {
    #expect(throws: JSONError.self) {
      try JSONValue(parsing: text.utf8).decoded(as: ConfusionMatrix.self)
    }
  }

  @Test func `the classes with the most mistakes come first`() {
    let matrix = ConfusionMatrix(
      actual: [0, 0, 1, 1, 2, 3, 3, 3], predicted: [0, 1, 1, 0, 2, 1, 2, 3], classCount: 4)
    #expect(matrix.classes(withMostMistakes: 3) == [3, 0, 1])
    #expect(matrix.classes(withMostMistakes: 9) == [3, 0, 1, 2])
  }
}
