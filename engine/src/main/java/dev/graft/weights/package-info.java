/**
 * Pretrained weights as data: named tensors read from safetensors, PyTorch and NumPy files, none of
 * which can make this process run anything; what was loaded into a model and what was not; what the
 * publisher says about a base model.
 */
package dev.graft.weights;
