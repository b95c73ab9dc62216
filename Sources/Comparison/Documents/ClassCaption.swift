import Support

/// Whose precision and recall a table shows.
enum ClassCaption {
  /// - Parameter classes: in the order of their indices; of two the second is the positive one.
  static func text(_ classes: [String]) -> String {
    guard classes.count == 2 else {
      return "Precision, recall, F1 and ROC AUC are means over the \(classes.count) classes."
    }
    let names = classes.map { SafeText.name($0, limit: 60) }
    return "Precision, recall and F1 are those of \"\(names[1])\"; for the other class: "
      + ShellCommand.text(["--positive", names[0]]) + "."
  }
}
