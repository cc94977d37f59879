//! Small symmetric matrices.

/// The most rows of a matrix.
pub(super) const MOST: usize = 6;

pub(super) type Vector = [f64; MOST];
pub(super) type Matrix = [[f64; MOST]; MOST];

/// The lower triangle `L` of a positive definite matrix `L L'`, of which the first `n` rows and columns count.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cholesky {
    n: usize,
    lower: Matrix,
}

impl Cholesky {
    /// Nothing where the matrix is not positive definite, or so nearly not that a solution would be rounding.
    pub(super) fn new(matrix: &Matrix, n: usize) -> Option<Self> {
        let mut lower = [[0.0; MOST]; MOST];
        for i in 0..n {
            for j in 0..=i {
                let inner: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
                let rest = matrix[i][j] - inner;
                if i != j {
                    lower[i][j] = rest / lower[j][j];
                } else if rest > 1e-11 * matrix[i][i] && rest.is_finite() {
                    lower[i][i] = rest.sqrt();
                } else {
                    return None;
                }
            }
        }
        Some(Self { n, lower })
    }

    /// `L^-1 b`, whose squares sum to `b' A^-1 b`.
    pub(super) fn half(&self, b: &Vector) -> Vector {
        let mut x = [0.0; MOST];
        for i in 0..self.n {
            let inner: f64 = (0..i).map(|k| self.lower[i][k] * x[k]).sum();
            x[i] = (b[i] - inner) / self.lower[i][i];
        }
        x
    }

    /// The solution of `A x = b`.
    pub(super) fn solve(&self, b: &Vector) -> Vector {
        let half = self.half(b);
        let mut x = [0.0; MOST];
        for i in (0..self.n).rev() {
            let inner: f64 = (i + 1..self.n).map(|k| self.lower[k][i] * x[k]).sum();
            x[i] = (half[i] - inner) / self.lower[i][i];
        }
        x
    }

    /// Half the logarithm of the determinant.
    pub(super) fn half_log_determinant(&self) -> f64 {
        (0..self.n).map(|i| self.lower[i][i].ln()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> Matrix {
        let mut matrix = [[0.0; MOST]; MOST];
        for (i, row) in [[4.0, 2.0, -1.0], [2.0, 5.0, 1.5], [-1.0, 1.5, 3.0]].iter().enumerate() {
            matrix[i][..3].copy_from_slice(row);
        }
        matrix
    }

    #[test]
    fn a_solution_solves() {
        let cholesky = Cholesky::new(&three(), 3).unwrap();
        let b = [1.0, -2.0, 0.5, 0.0, 0.0, 0.0];
        let x = cholesky.solve(&b);
        for (row, want) in three().iter().zip(b).take(3) {
            let got: f64 = row.iter().zip(x).map(|(a, x)| a * x).sum();
            assert!((got - want).abs() < 1e-14);
        }
        let quadratic: f64 = (0..3).map(|i| b[i] * x[i]).sum();
        let squares: f64 = cholesky.half(&b).iter().map(|h| h * h).sum();
        assert!((quadratic - squares).abs() < 1e-13);
        // The determinant is 4 (15 - 2.25) - 2 (6 + 1.5) - (3 + 5) = 28.
        assert!((cholesky.half_log_determinant() - 28.0_f64.ln() / 2.0).abs() < 1e-14);
    }

    #[test]
    fn what_is_not_positive_definite_has_no_triangle() {
        let mut matrix = three();
        matrix[2][2] = 0.0;
        assert!(Cholesky::new(&matrix, 3).is_none());
        assert!(Cholesky::new(&matrix, 2).is_some());
        matrix[0][0] = f64::NAN;
        assert!(Cholesky::new(&matrix, 2).is_none());
        matrix[0][0] = f64::INFINITY;
        assert!(Cholesky::new(&matrix, 2).is_none());
        assert!(Cholesky::new(&[[1.0; MOST]; MOST], 2).is_none());
    }
}
