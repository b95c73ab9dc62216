import Foundation
import TestSupport
import Testing

/// A run of two models that a time budget stopped after the first one.
@Suite struct `A run that is resumed` {
  private let folder = TemporaryFolder()
  private static let options = [
    "--data", "diamonds.csv", "--models", "GaussianNB,DecisionTreeClassifier",
  ]

  init() throws {
    folder.writeDiamonds(300)
    let stopped = try Program.run(
      Self.options + ["--output", "run", "--time-budget", "0s"], in: folder)
    try #require(stopped.status == 0, "\(stopped.errors)")
    try #require(folder.read("run/GaussianNB/predictions.csv") != nil)
    try #require(folder.read("run/DecisionTreeClassifier/predictions.csv") == nil)
  }

  private func resume(_ options: [String] = []) throws -> Program.Outcome {
    try Program.run(["--resume", "run"] + options, in: folder)
  }

  /// Every file of the run's folder.
  private var contents: [String: [UInt8]] {
    let names = folder.names(below: "run").filter { !$0.hasSuffix("/") }
    return Dictionary(uniqueKeysWithValues: names.map { ($0, folder.read($0) ?? []) })
  }

  /// A run's document without seconds.
  private func document(_ run: String) throws -> String {
    try #require(folder.text(run + "/comparison.json"))
      .replacing(/"(fit|predict)_seconds" : [-0-9.e]+/, with: "")
  }

  @Test(
    arguments: [
      [], ["--offline"], ["--threads", "1"], ["--comet-project", "other"],
      ["--comet-workspace", "other"], ["--log-baseline"], ["--sort-by", "f1"],
      ["--time-budget", "1h"], ["--quiet", "--format", "csv"],
      ["--seed", "42", "--models", "gaussiannb,DecisionTreeClassifier"],
    ])
  func `a resumed run takes options that change no result, and ends as a whole one`(
    options: [String]
  ) throws {
    let request = try #require(folder.read("run/request.json"))
    let outcome = try resume(options)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try Program.run(Self.options + ["--output", "whole"], in: folder).status == 0)
    #expect(try document("run") == document("whole"))
    #expect(folder.read("run/request.json") == request)
    for file in ["predictions.csv", "model.safetensors", "roc-curve.json"] {
      for model in ["GaussianNB", "DecisionTreeClassifier"] {
        let name = "\(model)/\(file)"
        let bytes = try #require(folder.read("run/" + name))
        #expect(bytes == folder.read("whole/" + name), "\(name)")
      }
    }
    #expect(folder.read("run/report.html") != nil)
  }

  @Test(
    arguments: [
      (["--seed", "7"], "--seed 42, not with --seed 7"),
      (["--test-fraction", "0.5"], "--test-fraction 0.2, not with --test-fraction 0.5"),
      (["--cross-validate", "3"], "no --cross-validate, not with --cross-validate 3"),
      (["--divisions", "3"], "no --divisions, not with --divisions 3"),
      (
        ["--models", "GaussianNB"],
        "--models GaussianNB,DecisionTreeClassifier, not with --models GaussianNB"
      ),
      (
        ["--set", "DecisionTreeClassifier.max_depth=3"],
        "--set DecisionTreeClassifier.max_depth=none, not with "
          + "--set DecisionTreeClassifier.max_depth=3"
      ),
    ])
  func `a resumed run refuses an option that contradicts it by name, and changes nothing`(
    options: [String], words: String
  ) throws {
    let before = contents
    let outcome = try resume(options + ["--offline"])
    #expect(outcome.status == 64)
    #expect(
      outcome.errors == "compare-models: error: run: the run began with \(words); leave the option "
        + "out, or start a new run\n")
    #expect(outcome.output == "")
    #expect(contents == before)
  }

  @Test func `a resumed run refuses other data, and changes nothing`() throws {
    let before = contents
    folder.writeDiamonds(299)
    let outcome = try resume()
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("run: expected the data that the run began with"))
    #expect(contents == before)
  }

  @Test func `a resumed run without a report has none, and one with a report has it again`() throws
  {
    #expect(folder.read("run/report.html") != nil)
    #expect(folder.read("run/report-data.json") != nil)
    #expect(try resume(["--no-report"]).status == 0)
    // It would show one model where comparison.json has two.
    #expect(folder.read("run/report.html") == nil)
    #expect(folder.read("run/report-data.json") == nil)
    #expect(try !document("run").contains("\"statistics\""))
    #expect(try resume().status == 0)
    let report = try #require(folder.text("run/report.html"))
    #expect(report.contains("DecisionTreeClassifier"))
    #expect(folder.read("run/report-data.json") != nil)
  }
}
