import Classifiers
import LinearAlgebra
import ModelFiles

/// From models to the arrays of their files, and back.

extension PackedTreesModel {
  init(_ tensors: TreeTensors, featureCount: Int) {
    self.init(
      TreeArrays(
        classCount: tensors.classCount, roots: tensors.roots, leftChildren: tensors.leftChildren,
        thresholds: tensors.thresholds, features: tensors.features, leafShares: tensors.leafShares),
      featureCount: featureCount)
  }

  var tensors: TreeTensors {
    let arrays = self.arrays
    return TreeTensors(
      classCount: arrays.classCount, roots: arrays.roots, leftChildren: arrays.leftChildren,
      thresholds: arrays.thresholds, features: arrays.features, leafShares: arrays.leafShares)
  }
}

extension GaussianNaiveBayesModel {
  init(_ tensors: NaiveBayesTensors) {
    func matrix(_ elements: [Double]) -> Matrix {
      Matrix(
        rowCount: tensors.classCount, columnCount: tensors.featureCount, elements: elements)
    }
    self.init(
      means: matrix(tensors.means), variances: matrix(tensors.variances),
      classPriors: tensors.classPriors, epsilon: tensors.varianceAdded,
      isPresent: tensors.isPresent)
  }

  var tensors: NaiveBayesTensors {
    NaiveBayesTensors(
      classCount: classCount, featureCount: featureCount, means: means.elements,
      variances: variances.elements, classPriors: classPriors, isPresent: isPresent,
      varianceAdded: epsilon)
  }
}

extension KNearestNeighborsModel {
  init(_ tensors: NeighborTensors, classCount: Int) {
    self.init(
      tensors.parameters,
      samples: Matrix(
        rowCount: tensors.labels.count, columnCount: tensors.featureCount,
        elements: tensors.samples),
      labels: tensors.labels, classCount: classCount)
  }

  var tensors: NeighborTensors {
    NeighborTensors(
      parameters, featureCount: featureCount, samples: samples.elements, labels: labels)
  }
}
