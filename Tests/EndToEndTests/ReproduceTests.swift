import Foundation
import TestSupport
import Testing

@Suite struct `Reproducing a run or a model` {
  private let folder = TemporaryFolder()

  init() { folder.writeDiamonds(500) }

  private func run(_ options: [String], output: String = "run") throws {
    let hasForest = !options.contains { $0.hasPrefix("GaussianNB") }
    let outcome = try Program.run(
      ["--data", "diamonds.csv", "--output", output] + options
        + (hasForest ? ["--set", "RandomForest.n_estimators=5"] : []), in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  private func reproduce(_ arguments: [String]) throws -> Program.Outcome {
    try Program.run(["reproduce"] + arguments, in: folder)
  }

  @Test(arguments: [
    ["--threads", "1"], ["--cross-validate", "3", "--seed", "7", "--no-report"],
    ["--cost", "Silver>Gold=5", "--encode", "one-hot", "--models", "RandomForest,GaussianNB"],
    ["--split", "stable", "--fit-preprocessing", "training", "--learning-curve", "3"],
    ["--group", "color", "--drop", "table", "--ignore", "twins"],
  ])
  func `a run and each of its models are made again to the byte`(options: [String]) throws {
    try run(options)
    let whole = try reproduce(["run", "--threads", "2"])
    #expect(whole.status == 0, "\(whole.output)\(whole.errors)")
    let lines = whole.output.split(separator: "\n")
    #expect(lines.count == (options.contains("--models") ? 2 : 4))
    #expect(lines.allSatisfy { $0.contains(": equal, ") && $0.contains(" files with ") })
    // A model alone says how it was made; its table may be elsewhere, under another name.
    let moved = try #require(folder.read("diamonds.csv"))
    for name in ["elsewhere", "model"] { folder.makeFolder(name) }
    folder.write(moved, to: "elsewhere/stones.csv")
    folder.remove("diamonds.csv")
    let saved = folder.names(below: "run/GaussianNB").filter {
      $0.hasSuffix("abelEncoder.json") || $0.hasSuffix("scaler.json")
        || $0.hasSuffix(".safetensors")
    }
    #expect(saved.count >= 4)
    for name in saved {
      let file = name.split(separator: "/").last ?? ""
      folder.write(try #require(folder.read(name)), to: "model/\(file)")
    }
    let alone = try reproduce(["model", "--data", "elsewhere/stones.csv"])
    #expect(alone.status == 0, "\(alone.output)\(alone.errors)")
    #expect(alone.output.hasPrefix("GaussianNB: equal, "))
    let none = try reproduce(["model"])
    #expect(none.status == 66 && none.errors.contains("name it with --data"))
  }

  @Test func `the model of a run says the same in every run that makes it`() throws {
    try run(["--models", "GaussianNB"], output: "one")
    try run(
      ["--cross-validate", "2", "--sort-by", "f1", "--permutation-repeats", "1"], output: "two")
    folder.makeFolder("sub")
    folder.write(try #require(folder.read("diamonds.csv")), to: "sub/diamonds.csv")
    let third = try Program.run(
      ["--data", "sub/diamonds.csv", "--models", "GaussianNB", "--output", "three"], in: folder)
    #expect(third.status == 0)
    let files = ["one", "two", "three"].map { folder.read("\($0)/GaussianNB/model.safetensors") }
    #expect(files[0] != nil && files[0] == files[1] && files[1] == files[2])
  }

  @Test func `what differs first is told, in a tensor, the metadata and a row`() throws {
    try run(["--models", "GaussianNB,DecisionTreeClassifier"])
    let path = "run/GaussianNB/model.safetensors"
    var bytes = try #require(folder.read(path))
    let written = bytes
    // The last byte is of the narrowest tensor, class_is_present.
    bytes[bytes.count - 9] ^= 1
    folder.write(bytes, to: path)
    let tensor = try reproduce(["run"])
    #expect(tensor.status == 1)
    #expect(tensor.output.contains("DecisionTreeClassifier: equal"))
    #expect(tensor.output.contains("GaussianNB: differs\n  model.safetensors: tensor \""))
    #expect(tensor.output.contains("elements differ, the first is number"))
    #expect(
      tensor.errorLines.last?.hasSuffix(
        "1 of 2 models could not be reproduced to the byte: GaussianNB") == true)

    let name = Array("\"seed\":\"42\"".utf8)
    let place = try #require(written.firstRange(of: name))
    folder.write(
      Array(written[..<place.lowerBound]) + Array("\"seed\":\"43\"".utf8)
        + Array(written[place.upperBound...]), to: path)
    let metadata = try reproduce(["run"])
    #expect(metadata.status == 1)
    #expect(metadata.output.contains("__metadata__ \"seed\": \"43\", made again \"42\""))

    folder.write(written, to: path)
    let predictions = try #require(folder.text("run/GaussianNB/predictions.csv"))
    folder.write(
      predictions.replacing(",Gold,Gold,", with: ",Gold,Silver,", maxReplacements: 1),
      to: "run/GaussianNB/predictions.csv")
    let row = try reproduce(["run"])
    #expect(row.status == 1)
    #expect(row.output.contains("  predictions.csv: line "))
    #expect(row.output.contains("1 predicted class of 100 differs"))
    folder.remove("run/GaussianNB/predictions.csv")
    #expect(try reproduce(["run"]).output.contains("  predictions.csv: is missing"))
    #expect(try reproduce(["run/GaussianNB"]).status == 0)
  }

  @Test func `another version of the program is told, and its bytes are compared all the same`()
    throws
  {
    try run(["--models", "GaussianNB"])
    let path = "run/GaussianNB/model.safetensors"
    let written = try #require(folder.read(path))
    let version = Array("\"program_version\":\"".utf8)
    let place = try #require(written.firstRange(of: version))
    var bytes = written
    bytes[place.upperBound] = UInt8(ascii: "9")
    folder.write(bytes, to: path)
    let outcome = try reproduce(["run/GaussianNB"])
    #expect(outcome.status == 0, "\(outcome.output)")
    #expect(outcome.output.contains("It was made by version 9"))
  }

  @Test func `what cannot be made again is explained in one line`() throws {
    try run(["--models", "GaussianNB"])
    func refused(_ arguments: [String], _ status: Int32) throws -> String {
      let outcome = try reproduce(arguments)
      #expect(outcome.status == status, "\(outcome.errors)")
      #expect(outcome.errorLines.count == 1 && outcome.output == "")
      return outcome.errors
    }
    folder.writeDiamonds(499, to: "other.csv")
    let other = try refused(["run", "--data", "other.csv"], 65)
    let known = try #require(
      folder.text("run/request.json")?.split(separator: "\"data_sha256\" : \"").last?.prefix(64))
    #expect(
      other.contains(
        "other.csv: expected the table that was learned from, with SHA-256 \(known), found another with "
      ))
    #expect(try refused(["none"], 66).contains("expected the folder of a run or of a model"))
    #expect(try refused(["run", "--data", "none.csv"], 66).contains("name it with --data"))
    folder.write("", to: "empty.csv")
    _ = try refused(["run", "--data", "empty.csv"], 65)
    let bytes = try #require(folder.read("run/GaussianNB/model.safetensors"))
    folder.write(bytes.dropLast(), to: "run/GaussianNB/model.safetensors")
    _ = try refused(["run/GaussianNB"], 65)
    folder.remove("run/GaussianNB")
    #expect(try refused(["run"], 66).contains("expected the folder of a run with models"))
  }

  @Test func `rows of a second file are tested on again`() throws {
    let lines = try #require(folder.text("diamonds.csv")).split(separator: "\n")
    folder.write(([lines[0]] + lines[1...300]).joined(separator: "\n") + "\n", to: "first.csv")
    folder.write(([lines[0]] + lines[301...]).joined(separator: "\n") + "\n", to: "second.csv")
    let made = try Program.run(
      [
        "--data", "first.csv", "--test-data", "second.csv", "--models", "GaussianNB", "--output",
        "run",
      ], in: folder)
    #expect(made.status == 0, "\(made.errors)")
    #expect(try reproduce(["run"]).status == 0)
    let model = try reproduce(["run/GaussianNB", "--data", "first.csv"])
    #expect(model.status == 0, "\(model.output)\(model.errors)")
    let wrong = try reproduce([
      "run/GaussianNB", "--data", "first.csv", "--test-data", "diamonds.csv",
    ])
    #expect(wrong.status == 65, "\(wrong.errors)")
  }
}
