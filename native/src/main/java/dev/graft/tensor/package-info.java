/**
 * The thin core over LibTorch: {@link dev.graft.tensor.Tensor}, the scopes that own native memory,
 * random state, autograd and the neural-network operations the engine uses.
 *
 * <p>What would take many small calls is one call to a C++ kernel ({@code src/main/cpp}): {@link
 * dev.graft.tensor.OptimizerStep}, {@link dev.graft.tensor.Gradients}, {@link
 * dev.graft.tensor.Pixels}. Each has a reference in tensor operations, which runs where no kernel
 * was built; {@link dev.graft.tensor.Runtime#configuration()} says which is in effect.
 *
 * <p>This is the only package that knows the native bindings. Tensors belong to the thread whose
 * scope made them; values cross threads as {@link dev.graft.tensor.HostTensor}.
 */
package dev.graft.tensor;
