import Datasets
import Testing

@testable import Comparison

@Suite struct `The options of a run` {
  private typealias Change = @Sendable (inout RunRequest) throws -> Void

  private static let refused: [(String, Change)] = [
    ("--test-fraction must be above 0 and below 1.", { try $0.divide(testFraction: 0) }),
    ("--test-fraction must be above 0 and below 1.", { try $0.divide(testFraction: 1) }),
    ("--test-fraction must be above 0 and below 1.", { try $0.divide(testFraction: .nan) }),
    ("--cross-validate must be at least 2.", { try $0.divide(folds: 1) }),
    ("--repeats must be at least 1.", { try $0.divide(folds: 2, repeats: 0) }),
    ("--repeats needs --cross-validate.", { try $0.divide(repeats: 2) }),
    ("--learning-curve must be from 1 to 1000.", { try $0.judge(learningCurve: 0) }),
    ("--learning-curve must be from 1 to 1000.", { try $0.judge(learningCurve: 1001) }),
    ("--divisions must be from 2 to 1000.", { try $0.judge(divisions: 1) }),
    ("--permutation-repeats must be from 0 to 1000.", { try $0.judge(permutationRepeats: -1) }),
    ("--rope must be 0 or more.", { try $0.judge(rope: -0.1) }),
    ("--rope must be 0 or more.", { try $0.judge(rope: .infinity) }),
    ("--rope needs --cross-validate.", { try $0.judge(rope: 0.01) }),
    ("--max-categories goes with --encode one-hot.", { try $0.encode(nil, maximumCategories: 3) }),
    (
      "--max-categories must be from 1 to 10000.",
      { try $0.encode(.oneHot, maximumCategories: 10_001) }
    ),
    (
      "The run's table came from standard input: give it again with --data -.",
      { request in
        request.data = "-"
        try request.read(nil)
      }
    ),
  ]

  @Test func `an option that has no meaning is refused in its own words`() {
    for (problem, change) in Self.refused {
      var request = RunRequest.standard
      let error = #expect(throws: RequestError.self, "\(problem)") { try change(&request) }
      #expect(error?.description == problem)
      #expect(error?.kind == .badRequest)
    }
  }

  @Test func `options that are not given leave a request as it is`() throws {
    var request = RunRequest.standard
    request.testFraction = 0.3
    request.splitMethod = .stable
    request.preprocessingFit = .training
    request.folds = RunRequest.Folds(count: 5, repeats: 2)
    request.learningCurveParts = 4
    request.divisions = 3
    request.rope = 0.02
    request.permutationRepeats = 7
    request.dropped = ["id"]
    request.missing = .dropRows
    request.missingWords = ["x"]
    request.dropsUnlabelled = true
    let before = request
    try request.read(nil)
    request.prepare()
    try request.encode(nil, maximumCategories: nil)
    try request.divide()
    try request.judge()
    #expect(request == before)
  }

  @Test func `the usual value of an option is the same as none`() throws {
    var request = RunRequest.standard
    request.prepare(missing: .impute)
    try request.encode(.ordinal, maximumCategories: nil)
    try request.divide(method: .random, repeats: 1)
    #expect(request == .standard)
  }

  @Test func `options change what they name`() throws {
    var request = RunRequest.standard
    try request.read("t.csv")
    request.prepare(
      dropping: ["id"], categorical: ["code"], missing: .native, missingWords: "?,none",
      dropsUnlabelled: true)
    try request.divide(
      testFraction: 0.3, method: .stable, fit: .training, folds: 3, repeats: 2)
    try request.judge(learningCurve: 4, divisions: 5, rope: 0.02, permutationRepeats: 0)
    var expected = RunRequest.standard
    expected.data = "t.csv"
    (expected.dropped, expected.categorical) = (["id"], ["code"])
    (expected.missing, expected.missingWords) = (.native, ["?", "none"])
    expected.dropsUnlabelled = true
    (expected.testFraction, expected.splitMethod) = (0.3, .stable)
    expected.preprocessingFit = .training
    expected.folds = RunRequest.Folds(count: 3, repeats: 2)
    (expected.learningCurveParts, expected.divisions) = (4, 5)
    (expected.rope, expected.permutationRepeats) = (0.02, 0)
    #expect(request == expected)
    // A resumed run that is given folds alone keeps how often it repeats them.
    try request.divide(folds: 10)
    #expect(request.folds == RunRequest.Folds(count: 10, repeats: 2))
  }
}
