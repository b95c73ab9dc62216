public import Classifiers
public import Evaluation

/// What a report needs beyond `comparison.json` and the models' files: `report-data.json`.
///
/// A run writes it, so that its report can be made again from the folder alone, without the table and
/// without the models.
public struct ReportData: Codable, Hashable, Sendable {
  /// The command as it was given, word by word.
  public var command: [String]
  /// The metric that models are ranked by, where one was asked for.
  public var sortBy: Metric?
  public var data: DataSummary
  public var importances: Importances

  private enum CodingKeys: String, CodingKey {
    case command, data, importances
    case sortBy = "sort_by"
  }

  public static let fileName = "report-data.json"

  /// What the models look at.
  public struct Importances: Codable, Hashable, Sendable {
    public let models: [ModelImportances]
  }

  public struct ModelImportances: Codable, Hashable, Sendable {
    public let name: String
    /// Each feature's share in the decrease of impurity; models of trees only.
    public let impurity: [Double]?
    /// Each feature's mean drop in accuracy, its deviation over the repeats, and its standard error
    /// over the rows; `nil` where nothing was shuffled.
    public let permutationMeans: [Double]?
    public let permutationDeviations: [Double]?
    public let permutationErrors: [Double]?
    /// How often each feature was shuffled, and how many test rows took part.
    public let permutationRepeats: Int?
    public let permutationRows: Int?
    /// Linear models only.
    public let coefficients: [Coefficient]?
    /// What there is to know of how the model was fitted.
    public let notice: String?

    private enum CodingKeys: String, CodingKey {
      case name, impurity, coefficients, notice
      case permutationMeans = "permutation_means"
      case permutationDeviations = "permutation_deviations"
      case permutationErrors = "permutation_standard_errors"
      case permutationRepeats = "permutation_repeats"
      case permutationRows = "permutation_rows"
    }
  }
}
