/// A safetensors file put together by hand, so that any part of it can be wrong.
struct HandmadeFile {
  var metadata: [(name: String, value: String)]
  var tensors: [Part]
  /// What the header says instead of what fits.
  var header: String?
  var trailing: [UInt8] = []

  struct Part {
    let name: String
    var type: String
    var shape: String
    var bytes: [UInt8]
    /// The offsets that the header names instead of the true ones.
    var offsets: String?

    init<Element>(_ name: String, _ type: String, _ shape: String, _ elements: [Element]) {
      self.name = name
      self.type = type
      self.shape = shape
      bytes = elements.withUnsafeBytes(Array.init)
    }
  }

  /// Two trees over two features and two classes:
  ///
  ///     0: x ≤ 0.5 ? leaf 1 : 2        5: a leaf alone
  ///     2: y ≤ 1.5 ? leaf 3 : leaf 4
  static var forest: HandmadeFile {
    HandmadeFile(
      metadata: description("RandomForest", hyperparameters: #"{"n_estimators":2}"#),
      tensors: [
        Part("leaf_shares", "F64", "[2,2]", [1, 0, 0.25, 0.75]),
        Part("feature", "I32", "[6]", [0, 0, 1, 0, 0, 0] as [Int32]),
        Part("left_child", "I32", "[6]", [1, -1, 3, -2, -1, -2] as [Int32]),
        Part("threshold", "F32", "[6]", [0.5, 0, 1.5, 0, 0, 0] as [Float]),
        Part("tree_roots", "I32", "[2]", [0, 5] as [Int32]),
      ])
  }

  static var naiveBayes: HandmadeFile {
    HandmadeFile(
      metadata: description("GaussianNB", hyperparameters: "{}"),
      tensors: [
        Part("class_means", "F64", "[2,2]", [1.0, 2, 3, 4]),
        Part("class_variances", "F64", "[2,2]", [1.0, 1, 1, 1]),
        Part("class_priors", "F64", "[2]", [0.5, 0.5]),
        Part("variance_added", "F64", "[]", [0.0]),
        Part("class_is_present", "U8", "[2]", [1, 1] as [UInt8]),
      ])
  }

  static var neighbors: HandmadeFile {
    HandmadeFile(
      metadata: description("KNeighborsClassifier", hyperparameters: #"{"n_neighbors":2}"#),
      tensors: [
        Part("training_samples", "F64", "[3,2]", [1.0, 2, 3, 4, 5, 6]),
        Part("training_labels", "I32", "[3]", [0, 1, 1] as [Int32]),
      ])
  }

  static var logisticRegression: HandmadeFile {
    HandmadeFile(
      metadata: description("LogisticRegression", hyperparameters: "{}"),
      tensors: [
        Part("coefficients", "F64", "[1,2]", [0.5, -2.0]),
        Part("intercepts", "F64", "[1]", [1.0]),
        Part("class_is_present", "U8", "[2]", [1, 1] as [UInt8]),
      ])
  }

  /// Two rounds over two features of two and three bins:
  ///
  ///     0: x ≤ 0.5 or missing ? leaf 1 : 2     5: a leaf alone
  ///     2: y ≤ 2.5 ? leaf 3 : leaf 4
  static var boosting: HandmadeFile {
    HandmadeFile(
      metadata: description("HistGradientBoostingClassifier", hyperparameters: #"{"max_iter":2}"#),
      tensors: [
        Part("baseline", "F64", "[1]", [0.125]),
        Part("bin_thresholds", "F64", "[3]", [0.5, 1.5, 2.5]),
        Part("gain", "F64", "[6]", [2.0, 0, 1, 0, 0, 0]),
        Part("leaf_values", "F64", "[4]", [-1, 0.5, 1, 0.25]),
        Part("count", "I32", "[6]", [10, 4, 6, 3, 3, 10] as [Int32]),
        Part("feature", "I32", "[6]", [0, 0, 1, 0, 0, 0] as [Int32]),
        Part("first_threshold", "I32", "[3]", [0, 1, 3] as [Int32]),
        Part("left_child", "I32", "[6]", [1, -1, 3, -2, -3, -4] as [Int32]),
        Part("tree_roots", "I32", "[2]", [0, 5] as [Int32]),
        Part("bin", "U8", "[6]", [0, 0, 1, 0, 0, 0] as [UInt8]),
        Part("class_is_present", "U8", "[2]", [1, 1] as [UInt8]),
        Part("missing_go_to_left", "U8", "[6]", [1, 0, 0, 0, 0, 0] as [UInt8]),
      ])
  }

  /// The same trees, whose first node divides the categories of the first feature:
  ///
  ///     0: x is 0.5, 2.5 or none of the categories ? leaf 1 : 2     5: a leaf alone
  ///     2: y ≤ 0.25 ? leaf 3 : leaf 4
  static var categoricalBoosting: HandmadeFile {
    var file = boosting.with("bin_thresholds") {
      $0 = Part("bin_thresholds", "F64", "[4]", [0.5, 1.5, 2.5, 0.25])
    }
    .with("first_threshold", [0, 3, 4] as [Int32])
    .with("bin", [0, 0, 0, 0, 0, 0] as [UInt8])
    file.tensors += [
      Part("feature_is_categorical", "U8", "[2]", [1, 0] as [UInt8]),
      Part("left_categories", "U8", "[1,32]", [5] + [UInt8](repeating: 0, count: 31)),
    ]
    return file
  }

  static func description(
    _ algorithm: String, hyperparameters: String
  ) -> [(name: String, value: String)] {
    [
      ("algorithm", algorithm), ("class_names", #"["Gold","Silver"]"#), ("data_file", "a.csv"),
      ("data_sha256", "ab"), ("feature_names", #"["x","y"]"#), ("format_version", "1"),
      ("hyperparameters", hyperparameters), ("program_version", "0.1.0"), ("seed", "42"),
      ("target", "cut"), ("test_fraction", "0.2"), ("validation_metrics", #"{"f1":0.5}"#),
    ]
  }

  var bytes: [UInt8] {
    var data: [UInt8] = []
    var members: [String] = []
    let entries = metadata.map { "\(Self.quoted($0.name)):\(Self.quoted($0.value))" }
    members.append("\"__metadata__\":{\(entries.joined(separator: ","))}")
    for tensor in tensors {
      let offsets = tensor.offsets ?? "[\(data.count),\(data.count + tensor.bytes.count)]"
      members.append(
        "\"\(tensor.name)\":{\"dtype\":\"\(tensor.type)\",\"shape\":\(tensor.shape),"
          + "\"data_offsets\":\(offsets)}")
      data += tensor.bytes
    }
    let text = Array((header ?? "{\(members.joined(separator: ","))}").utf8)
    return withUnsafeBytes(of: UInt64(text.count).littleEndian, Array.init) + text + data + trailing
  }

  /// The file with one tensor changed.
  func with(_ tensor: String, _ change: (inout Part) -> Void) -> HandmadeFile {
    var copy = self
    for index in copy.tensors.indices where copy.tensors[index].name == tensor {
      change(&copy.tensors[index])
    }
    return copy
  }

  /// The file with one tensor's elements replaced.
  func with<Element>(_ tensor: String, _ elements: [Element]) -> HandmadeFile {
    with(tensor) { $0.bytes = elements.withUnsafeBytes(Array.init) }
  }

  /// The file with one entry of the metadata replaced, removed, or added.
  func with(metadata name: String, _ value: String?) -> HandmadeFile {
    var copy = self
    if let value, !metadata.contains(where: { $0.name == name }) {
      copy.metadata.append((name, value))
      return copy
    }
    copy.metadata = metadata.compactMap { entry in
      entry.name == name ? value.map { (name, $0) } : entry
    }
    return copy
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
