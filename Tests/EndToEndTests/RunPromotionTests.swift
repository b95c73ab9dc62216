import Foundation
import TestSupport
import Testing

/// Which model is put into use, with the built programs.
@Suite struct `Putting a model into use` {
  @Test func `a better run replaces the models in production, and a worse one does not`() throws {
    let setup = try RegistrySetup()
    let first = try setup.compare("first", "GaussianNB", ["--promote-if-better"])
    #expect(first.errors.contains("There is nothing in stage production to compare with"))
    let short = try setup.run([
      "register", "first", "--promote-if-better", "--require", "recall=0.99", "--registry-prefix",
      "other", "--data", "diamonds.csv",
    ])
    #expect(short.status == 0)
    #expect(short.output.contains("does not get the stage production: its recall is 0."))
    #expect(first.errors.contains("diamonds 1.0.0 is in stage production"))
    let better = try setup.compare(
      "better", "RandomForest",
      ["--promote-if-better", "--comparisons-per-year", "4", "--explain"])
    #expect(better.errors.contains("takes 1/4 of it, and with it 25.0 % of the risk"))
    #expect(better.errors.contains("F1 on the 400 test rows: in use 0."))
    #expect(better.errors.contains("\nComparison 1 of 4 in 20"))
    #expect(better.errors.contains("\nThe new model is put into use: "), "\(better.errors)")
    #expect(better.errors.contains("diamonds 1.1.0 is in stage production, which was taken from"))
    let record = try #require(setup.folder.text("better/promotion.json"))
    #expect(record.contains("\"old_version\" : \"1.0.0\""))
    #expect(record.contains("\"promoted\" : true"))
    #expect(try setup.get().status == 0)
    setup.expectModels(of: "better/RandomForest")
    let old = try setup.get(["--version", "1.0.0", "--output", "old"])
    #expect(old.output.hasPrefix("old has diamonds 1.0.0 now: GaussianNB, f1 "))
    #expect(
      setup.folder.read("old/model.safetensors")
        == setup.folder.read("first/GaussianNB/model.safetensors"))
    let worse = try setup.compare(
      "worse", "GaussianNB", ["--promote-if-better", "--comparisons-per-year", "4"])
    #expect(worse.errors.contains("\nThe model in use stays: it is not better by f1"))
    #expect(worse.errors.contains("\nComparison 2 of 4 in 20"))
    #expect(worse.errors.contains("diamonds 1.2.0 does not get the stage production"))
    #expect(try setup.get().output.contains("nothing is new"))
    // From the folder of the run alone, with the file that it was made from.
    let options = ["register", "worse", "--promote-if-better", "--data"]
    let again = try setup.run(options + ["diamonds.csv"])
    #expect(again.status == 0, "\(again.errors)")
    #expect(again.output.contains("diamonds 1.2.0 was registered before"))
    #expect(again.output.contains("\nComparison 3 of 52 in 20"), "another rule is another look")
    let once = try setup.run(options + ["diamonds.csv"])
    #expect(once.output.contains("\nComparison 3 of 52 in 20"), "the same look, once more")
    setup.folder.writeDiamonds(1999, to: "other.csv")
    let other = try setup.run(options + ["other.csv"])
    #expect(other.status == 65)
    #expect(other.errors.contains("expected the file that the run was made from"))
    #expect(!setup.folder.names().contains { $0.contains("fetching") })
    let more = ["--models", "DecisionTreeClassifier", "--register", "--promote-if-better"]
    func refused(_ output: String, _ options: [String], _ words: String) throws {
      let outcome = try setup.run(
        ["--data", "diamonds.csv", "--output", output] + more + options)
      #expect(outcome.status != 0)
      #expect(outcome.errorLines.last?.contains(words) == true, "\(outcome.errors)")
    }
    try refused(
      "third", ["--comparisons-per-year", "2"],
      "3-of-52) leave less than 1/2 of the")
    try refused(
      "other-rows", ["--seed", "7"],
      "the model in use learned from another train/test split (seed 42), so that it may know some of"
    )
    try refused("other-target", ["--target", "color"], "with --registry-prefix")
    try refused("other-classes", ["--classes", "Gold=Fair", "--classes", "Silver=*"], "Gold=Fair")
    #expect(try setup.get().output.contains("nothing is new"))
    // Without the condition it goes into use.
    let forced = try setup.run(["register", "worse", "--stage", "production"])
    #expect(forced.output.contains("diamonds 1.2.0 is in stage production, which was taken from"))
    #expect(try setup.get().status == 0)
    setup.expectModels(of: "worse/GaussianNB")
    // Against another model the rule of the run's first comparison is a new look.
    let anew = try setup.run([
      "register", "better", "--promote-if-better", "--comparisons-per-year", "1", "--data",
      "diamonds.csv",
    ])
    #expect(anew.status == 65)
    #expect(anew.errors.contains("leave less than 1/1 of the risk"), "\(anew.errors)")
  }

  @Test func `a model that is fitted again on all rows is judged by its twin`() throws {
    let setup = try RegistrySetup()
    let stage = ["--refit", "--stage", "production"]
    let first = try setup.compare("first", "GaussianNB", stage)
    #expect(
      first.errors.contains("Fitted GaussianNB again on all 2000 rows"), "\(first.errors)")
    #expect(first.errors.contains("diamonds 1.0.0 is in stage production"))
    let get = try setup.get()
    #expect(get.output.contains("fitted again on all rows, the metric is that of its twin"))
    let names = setup.folder.names(below: "models").map { $0.dropFirst("models/".count) }
      .filter { $0 != "registry.json" }
    #expect(names.count == 6 && names.contains("model-card.md"))
    for name in names {
      let fetched = setup.folder.read("models/\(name)")
      #expect(fetched == setup.folder.read("first/refitted/GaussianNB/\(name)"), "\(name)")
    }
    let made = try setup.run(["reproduce", "models"])
    #expect(made.status == 0, "\(made.output)\(made.errors)")
    #expect(made.output.hasPrefix("GaussianNB: equal, 5 files with "))
    let twin = try setup.get([
      "--registry-prefix", "twin-of-diamonds", "--version", "1.0.0", "--output", "twin",
    ])
    #expect(twin.status == 0, "\(twin.errors)")
    #expect(
      setup.folder.read("twin/model.safetensors")
        == setup.folder.read("first/GaussianNB/model.safetensors"))
    // Again, from the folder: nothing is fitted, sent or registered twice.
    let experiments = setup.server.requests.count { $0.path.hasSuffix("experiment/create") }
    let again = try setup.run(["register", "first", "--data", "diamonds.csv"] + stage)
    #expect(again.status == 0, "\(again.errors)")
    #expect(again.output.contains("diamonds 1.0.0 was registered before"))
    #expect(again.output.contains("is in stage production already"))
    #expect(!again.output.contains("Fitted"))
    #expect(
      setup.server.requests.count { $0.path.hasSuffix("experiment/create") } == experiments)
    let same = try setup.run([
      "register", "first", "--data", "diamonds.csv", "--promote-if-better",
    ])
    #expect(same.output.contains("comes from the same run"), "\(same.output)\(same.errors)")

    // The one in use was fitted on the test rows, and is still judged as it was without them.
    let better = try setup.compare(
      "better", "RandomForest", ["--refit", "--promote-if-better", "--comparisons-per-year", "2"])
    #expect(better.errors.contains("\nThe new model is put into use: "), "\(better.errors)")
    let promotion = try #require(setup.folder.text("better/promotion.json"))
    let f1 = try #require(first.errors.firstMatch(of: /Best by f1: GaussianNB, ([\d.]+)/)).1
    #expect(promotion.contains("\"old\" : \(f1)"), "\(promotion)")
    #expect(try setup.get().status == 0)
    #expect(
      setup.folder.read("models/model.safetensors")
        == setup.folder.read("better/refitted/RandomForest/model.safetensors"))
  }

  @Test func `a model fitted on all rows whose twin is not there is refused, with the way on`()
    throws
  {
    let setup = try RegistrySetup()
    _ = try setup.compare("first", "GaussianNB", ["--refit"])
    // Its files as those of an ordinary run: a set that has no twin under its names.
    let root = setup.folder.path
    for (from, to) in [
      ("first/request.json", "bare/request.json"),
      ("first/comparison.json", "bare/comparison.json"),
      ("first/refitted/GaussianNB", "bare/GaussianNB"),
    ] {
      try FileManager.default.createDirectory(
        atPath: root + "/bare", withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: root + "/" + from, toPath: root + "/" + to)
    }
    try FileManager.default.createDirectory(
      atPath: root + "/bare/comet", withIntermediateDirectories: true)
    let journal = try #require(setup.folder.text("first/comet/GaussianNB-refitted.jsonl"))
    setup.folder.write(
      journal.replacing("GaussianNB-refitted", with: "GaussianNB"),
      to: "bare/comet/GaussianNB.jsonl")
    let bare = try setup.run([
      "register", "bare", "--registry-prefix", "bare", "--stage", "production",
    ])
    #expect(bare.status == 0, "\(bare.errors)")
    let next = try setup.run([
      "--data", "diamonds.csv", "--output", "next", "--models", "DecisionTreeClassifier",
      "--register", "--promote-if-better", "--registry-prefix", "bare",
    ])
    #expect(next.status == 65, "\(next.errors)")
    #expect(
      next.errors.contains(
        "the model in use was fitted again on all rows, so that it knows the test rows, and its twin"
      ))
    #expect(next.errors.contains("without comparing, with --stage production and without"))
    #expect(next.errors.contains("Registered bare 1.1.0"))
  }

  @Test func `with a stable split a model of a grown table is compared on rows that no model saw`()
    throws
  {
    let setup = try RegistrySetup(rows: 1500)
    let options = ["--split", "stable", "--promote-if-better", "--comparisons-per-year", "1"]
    _ = try setup.compare("first", "GaussianNB", options)
    setup.folder.writeDiamonds(2000, to: "diamonds.csv")
    let grown = try setup.compare("grown", "RandomForest", options + ["--explain"])
    #expect(grown.errors.contains("\nComparison 1 of 1 in 20"), "\(grown.errors)")
    #expect(grown.errors.contains("\nThe new model is put into use: "), "\(grown.errors)")
    let request = try #require(setup.folder.text("grown/request.json"))
    #expect(request.contains("\"split\" : \"stable\""))
  }
}
