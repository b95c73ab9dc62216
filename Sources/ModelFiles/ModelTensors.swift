/// The numbers of a model, of which each kind has tensors of its own. `docs/model-format.md` describes
/// them.
package enum ModelTensors: Hashable, Sendable {
  /// A forest's trees, or a single one.
  case trees(TreeTensors)
  case naiveBayes(NaiveBayesTensors)
  case neighbors(NeighborTensors)

  /// Reads all tensors of a file, and checks every number.
  init(_ file: SafetensorsFile, _ description: ModelDescription) throws(ModelFileError) {
    let hyperparameters: any HyperparameterSet
    do throws(ParameterError) {
      hyperparameters = try description.hyperparameterSet()
    } catch {
      throw file.fail(error.description)
    }
    self =
      switch hyperparameters {
      case let forest as RandomForest:
        .trees(try TreeTensors(file, description, treeCount: forest.treeCount))
      case is DecisionTree: .trees(try TreeTensors(file, description, treeCount: 1))
      case is GaussianNaiveBayes: .naiveBayes(try NaiveBayesTensors(file, description))
      case let parameters as KNearestNeighbors:
        .neighbors(try NeighborTensors(file, description, parameters))
      default: preconditionFailure("the roster of algorithms and this switch differ")
      }
  }

  var list: [Tensor] {
    switch self {
    case .trees(let trees): trees.list
    case .naiveBayes(let bayes): bayes.list
    case .neighbors(let neighbors): neighbors.list
    }
  }
}

extension SafetensorsFile {
  func check(
    classCount: Int, _ description: ModelDescription, tensor: String
  ) throws(ModelFileError) {
    let expected = description.classNames.count
    guard classCount == expected else {
      throw fail("\(tensor): expected \(expected) classes, as many as names, found \(classCount)")
    }
  }

  func check(
    featureCount: Int, _ description: ModelDescription, tensor: String
  ) throws(ModelFileError) {
    let expected = description.featureNames.count
    guard featureCount == expected else {
      throw fail(
        "\(tensor): expected \(expected) features, as many as names, found \(featureCount)")
    }
  }

  /// Checks that numbers are the probabilities of all that can happen.
  func checkDistribution(
    _ shares: ArraySlice<Double>, _ place: @autoclosure () -> String
  ) throws(ModelFileError) {
    var sum = 0.0
    for share in shares {
      // Sums of weights that were rounded differently may exceed one by a little.
      guard share >= 0, share <= 1 + 1e-9 else {
        throw fail("\(place()): expected a share from 0 to 1, found \(share)")
      }
      sum += share
    }
    guard abs(sum - 1) <= 1e-6 else {
      throw fail("\(place()): expected shares that sum to one, found a sum of \(sum)")
    }
  }
}
