/**
 * The thin core over LibTorch: {@link dev.graft.tensor.Tensor}, the scopes that own native memory,
 * random state, autograd and the neural-network operations the engine uses.
 *
 * <p>This is the only package that knows the native bindings. Tensors belong to the thread whose
 * scope made them; values cross threads as {@link dev.graft.tensor.HostTensor}.
 */
package dev.graft.tensor;
