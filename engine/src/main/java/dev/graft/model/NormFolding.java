package dev.graft.model;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.graft.layers.Activation;
import dev.graft.layers.BatchNorm2d;
import dev.graft.layers.Child;
import dev.graft.layers.Conv2d;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.Map;

/**
 * Makes one convolution of a convolution and the normalisation behind it, for models that only
 * evaluate.
 *
 * <p>In evaluation a normalisation is the same affine map for every input, (y - μ) γ/σ + β, so that
 * its factor can be multiplied into the weights and the rest added to the bias once. The result
 * differs in the last bits; names of parameters and buffers are no longer the published ones.
 */
public final class NormFolding {

  private NormFolding() {}

  /**
   * Folds in the first groups of a model.
   *
   * @param groups number of groups, from the input on
   * @return number of normalisations that are gone
   */
  @CanIgnoreReturnValue
  public static int fold(Model model, int groups) {
    int folded = 0;
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      for (Map.Entry<String, String> pair : model.network().normalisedConvolutions().entrySet()) {
        if (model.groupIndex(model.groupOf(pair.getKey())) < groups) {
          Child conv = Modules.child(model.network(), pair.getKey());
          Child norm = Modules.child(model.network(), pair.getValue());
          if (conv.layer() instanceof Conv2d layer
              && norm.layer() instanceof BatchNorm2d batchNorm) {
            conv.replace(folded(layer, batchNorm));
            norm.replace(new Activation(batchNorm.then()));
            layer.close();
            batchNorm.close();
            folded++;
          }
        }
      }
    }
    return folded;
  }

  /** One convolution for both: W γ/σ and β + (b - μ) γ/σ. */
  private static Conv2d folded(Conv2d conv, BatchNorm2d norm) {
    Tensor scale =
        norm.parameters()
            .get("weight")
            .tensor()
            .mul(norm.buffers().get("running_var").add(norm.eps()).rsqrt());
    Tensor shift =
        norm.parameters().get("bias").tensor().sub(norm.buffers().get("running_mean").mul(scale));
    Conv2d result = new Conv2d(conv.spec().bias(true));
    result.weight().copyInPlace(conv.weight().mul(scale.reshape(-1, 1, 1, 1)));
    result.bias().copyInPlace(conv.bias() == null ? shift : shift.add(conv.bias().mul(scale)));
    return result;
  }
}
