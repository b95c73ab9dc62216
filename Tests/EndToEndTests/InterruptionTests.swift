import Foundation
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

@Suite struct `A signal to compare-models` {
  @Test(.timeLimit(.minutes(20)), arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func `a signal in the middle of a run keeps the finished models and nothing else`(
    signal: Int32, status: Int32
  ) throws {
    let folder = TemporaryFolder()
    // The forest would take minutes.
    let program = try Program(
      [
        "--data", RepositoryFiles.diamonds, "--output", "deep/run", "--models",
        "GaussianNB,DecisionTreeClassifier,RandomForest", "--set",
        "RandomForest.n_estimators=5000", "--set", "DecisionTreeClassifier.max_depth=5", "--quiet",
      ], in: folder)
    program.wait { folder.read("deep/run/DecisionTreeClassifier/roc-curve.json") != nil }
    program.signal(signal)
    let outcome = program.outcome()
    #expect(outcome.status == status)
    #expect(
      outcome.errors == "compare-models: interrupted; finished and kept in deep/run: GaussianNB, "
        + "DecisionTreeClassifier; for Comet: compare-models upload deep/run\n")
    #expect(outcome.output == "")
    let left = folder.names(below: "deep/run").filter { !$0.hasPrefix("deep/run/comet/") }
    let models = ["deep/run/DecisionTreeClassifier/", "deep/run/GaussianNB/"]
    #expect(left.filter { $0.hasSuffix("/") }.sorted() == models)
    #expect(
      left.filter { name in !models.contains { name.hasPrefix($0) } } == ["deep/run/request.json"])
    #expect(models.allSatisfy { left.contains($0 + "model.safetensors") })
  }

  @Test(.timeLimit(.minutes(20)))
  func `a signal before the first model is finished leaves nothing`() throws {
    let folder = TemporaryFolder()
    let program = try Program(
      [
        "--data", RepositoryFiles.diamonds, "--output", "deep/run", "--models", "RandomForest",
        "--set", "RandomForest.n_estimators=5000", "--quiet",
      ], in: folder)
    program.wait { folder.names().contains("deep/run/") }
    program.signal(SIGTERM)
    let outcome = program.outcome()
    #expect(outcome.status == 143)
    #expect(
      outcome.errors
        == "compare-models: interrupted before a model was finished; nothing was kept\n")
    #expect(folder.names() == [])
  }

  @Test(.timeLimit(.minutes(20)))
  func `a signal that kills leaves whole models only`() throws {
    let folder = TemporaryFolder()
    let program = try Program(
      [
        "--data", RepositoryFiles.diamonds, "--output", "run", "--models",
        "GaussianNB,RandomForest", "--set", "RandomForest.n_estimators=5000",
      ], in: folder)
    program.wait { folder.names().contains("run/GaussianNB/") }
    program.signal(SIGKILL)
    #expect(program.outcome().status == 137)
    #expect(
      folder.names(below: "run").filter {
        !$0.hasPrefix("run/GaussianNB/") && !$0.hasPrefix("run/comet/")
      } == ["run/request.json"])
    let kept = folder.names(below: "run/GaussianNB")
    #expect(kept.contains("run/GaussianNB/model.safetensors"))
    #expect(!kept.contains { $0.contains("partial") })
  }
}
