import Support

/// Classes that are rare, or that a part does not have.
enum ClassCheck {
  /// The fewest folds that are usual.
  private static let usualFolds = 5
  /// Below this share of one of two classes accuracy says little.
  private static let smallShare = 0.05

  @Sendable static func findings(in table: ExaminedTable) -> [DataFinding] {
    [
      absentFinding(table.trainingCounts, table, isTraining: true),
      absentFinding(table.testCounts, table, isTraining: false), rareFinding(table),
      fewPositivesFinding(table),
    ].compactMap { $0 }
  }

  private static func absentFinding(
    _ counts: [Int], _ table: ExaminedTable, isTraining: Bool
  ) -> DataFinding? {
    let names = counts.indices.filter { counts[$0] == 0 }.map { table.classNames[$0] }
    guard !names.isEmpty else { return nil }
    return DataFinding(
      .absentClass, isTraining ? .severe : .warning,
      found:
        "\(names.count == 1 ? "class" : "classes") \(quotedList(names)) \(names.count == 1 ? "has" : "have") "
        + "no \(isTraining ? "training" : "test") row",
      meaning: isTraining
        ? "No model can predict it." : "No score says how well it is predicted.",
      advice: isTraining
        ? "add rows, or join it to another class with --classes"
        : "take a larger --test-fraction, or join it to another class with --classes")
  }

  private static func rareFinding(_ table: ExaminedTable) -> DataFinding? {
    let (folds, counts) = table.folds ?? (usualFolds, table.classCounts)
    let rare = counts.indices.filter { counts[$0] < folds }
    guard !rare.isEmpty else { return nil }
    let list = rare.map { "\"\(table.classNames[$0])\" (\(counts[$0]))" }.listed(limit: 6)
    return DataFinding(
      .rareClass, .warning,
      found:
        "\(rare.count == 1 ? "class" : "classes") \(list) \(rare.count == 1 ? "has" : "have") fewer rows "
        + "than \(folds) folds need",
      meaning: "A model sees too few rows of such a class to learn it, and its scores are chance.",
      advice: "add rows, or join it to another class with --classes")
  }

  private static func fewPositivesFinding(_ table: ExaminedTable) -> DataFinding? {
    let counts = table.classCounts
    let all = counts.reduce(0, +)
    guard counts.count == 2, let rarer = counts.indices.min(by: { counts[$0] < counts[$1] }),
      Double(counts[rarer]) < smallShare * Double(all)
    else { return nil }
    let share = NumberText.percent(Double(counts[rarer]) / Double(all))
    return DataFinding(
      .fewPositives, .warning,
      found: "class \"\(table.classNames[rarer])\" has \(share) of the rows",
      meaning: "Always predicting the other class is nearly always right, so accuracy says little.",
      advice: "judge by balanced accuracy or Matthews' correlation, such as with --sort-by mcc")
  }
}
