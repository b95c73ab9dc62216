/// The names of the features that a one-hot column becomes.
public enum OneHotFeature {
  /// What missing values are called where people read it.
  public static let missingName = "(missing)"

  /// `color=D` for each category, and `color=(missing)` behind them.
  public static func names(
    of column: String, _ categories: [String], hasMissing: Bool
  ) -> [String] {
    (categories + (hasMissing ? [missingName] : [])).map { "\(column)=\($0)" }
  }
}
