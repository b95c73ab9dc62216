extension Algorithm {
  /// The algorithm with scikit-learn's default hyper-parameters.
  ///
  /// - Parameter seed: the seed of every random draw; the algorithms without chance ignore it.
  public func classifier(seed: UInt32) -> any Classifier {
    hyperparameters(seed: seed).classifier
  }
}

extension HyperparameterSet {
  /// What learns with these hyper-parameters: the same value.
  ///
  /// Checking a file needs no classifiers, so that the roster lists sets of hyper-parameters; the
  /// contract tests see that each of them is a classifier.
  package var classifier: any Classifier {
    guard let classifier = self as? any Classifier else {
      preconditionFailure("\(Self.algorithm) cannot learn")
    }
    return classifier
  }
}
