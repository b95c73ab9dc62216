package import Support

package typealias NumberText = Support.NumberText
