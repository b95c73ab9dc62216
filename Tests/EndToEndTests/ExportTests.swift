import JSON
import Support
import TestSupport
import Testing

@Suite struct `Exporting from the command line` {
  private func folderWithRun(_ models: String = "DecisionTreeClassifier") throws -> TemporaryFolder
  {
    let folder = TemporaryFolder()
    folder.writeDiamonds(300)
    let run = try Program.run(
      ["--data", "diamonds.csv", "--models", models, "--no-report", "--output", "run"], in: folder)
    #expect(run.status == 0, "\(run.errors)")
    return folder
  }

  @Test func `exporting writes the graph, the model's answers, and what is to be compared`() throws
  {
    let folder = try folderWithRun()
    let model = "run/DecisionTreeClassifier"
    let outcome = try Program.run(["export", model, "--to", "onnx"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("has the model's answers for 300 rows of diamonds.csv"))
    let answers = try #require(folder.text("\(model)/model.equivalence.csv"))
    let lines = answers.split(separator: "\n")
    #expect(lines[0] == "carat,color,clarity,depth,table,price,x,y,z,label,Gold,Silver")
    #expect(lines.count == 301)
    // What predict says of the same rows.
    let predicted = try Program.run(
      ["predict", "--model", model, "--data", "diamonds.csv"], in: folder)
    for (line, expected) in zip(lines, predicted.output.split(separator: "\n")).dropFirst() {
      #expect(line.split(separator: ",").suffix(3) == expected.split(separator: ",").suffix(3))
    }
    let graph = try Files.read(folder.path + "/\(model)/model.onnx")
    let said = try JSONValue(
      parsing: Files.read(folder.path + "/\(model)/model.equivalence.json"))
    #expect(said["graph"]?["sha256"]?.text == SHA256.hexDigest(of: graph))
    #expect(said["answers"]?["sha256"]?.text == SHA256.hexDigest(of: Array(answers.utf8)))
    #expect(said["rows"]?.wholeNumber == 300)
    #expect(said["refused_rows"]?.wholeNumber == 0)
    // Only a runtime's comparison says this.
    #expect(said["different_labels"] == nil)
  }

  @Test func `rows that the model refuses are counted and not compared`() throws {
    let folder = try folderWithRun()
    let table = (folder.text("diamonds.csv") ?? "").split(separator: "\n").prefix(41)
    folder.write(
      table.joined(separator: "\n").replacing(",\"E\",", with: ",\"unseen\",") + "\n",
      to: "other.csv")
    let refused = table.count { $0.contains(",\"E\",") }
    let outcome = try Program.run(
      [
        "export", "run/DecisionTreeClassifier", "--to", "onnx", "--output", "tree.onnx", "--data",
        "other.csv",
      ], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let said = try JSONValue(parsing: Files.read(folder.path + "/tree.equivalence.json"))
    #expect(refused > 0)
    #expect(said["refused_rows"]?.wholeNumber == refused)
    #expect(said["rows"]?.wholeNumber == 40 - refused)
  }

  @Test func `a model outside of a run's folder needs a place, and a table for the proof`() throws {
    let folder = try folderWithRun()
    try Files.move(folder.path + "/run/DecisionTreeClassifier", to: folder.path + "/models")
    let without = try Program.run(["export", "models", "--to", "onnx"], in: folder)
    #expect(without.status == 64)
    #expect(without.errors.contains("say with --output FILE where the graph goes"))
    let outcome = try Program.run(
      ["export", "models", "--to", "onnx", "--output", "tree.onnx"], in: folder)
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("There is no tree.equivalence.json"))
    #expect(folder.text("tree.equivalence.json") == nil)
  }

  @Test func `what cannot be exported is one line of error and a status`() throws {
    let folder = try folderWithRun()
    func check(_ arguments: [String], _ status: Int32, _ expected: String) throws {
      let outcome = try Program.run(["export"] + arguments, in: folder)
      #expect(outcome.status == status, "\(outcome.errors)")
      #expect(outcome.errors.contains(expected), "\(outcome.errors)")
    }
    let model = "run/DecisionTreeClassifier"
    try check([model], 64, "--to")
    try check([model, "--to", "pmml"], 64, "onnx")
    try check(["nothing", "--to", "onnx"], 66, "nothing")
    try check(["run", "--to", "onnx"], 66, "expected the folder of a model, found that of a run")
    try check([model, "--to", "onnx", "--data", "nothing.csv"], 66, "nothing.csv")
    try check([model, "--to", "onnx", "--unknown-category", "ignore"], 65, "one-hot")
    try check([model, "--to", "onnx", "--output", "no/folder/m.onnx"], 73, "no/folder")
    folder.write("a,b\n1,2\n", to: "other.csv")
    try check([model, "--to", "onnx", "--data", "other.csv"], 65, "expected a column \"carat\"")
    let file = folder.path + "/\(model)/model.safetensors"
    try Files.write(Array(Files.read(file).dropLast(100)), to: file)
    try check([model, "--to", "onnx"], 65, "model.safetensors")
  }
}
